package leaksafe.lint.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import leaksafe.lint.Site;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Program;

/** Fields that hold a ThreadLocal. */
final class ThreadLocals {
  private static final Set<String> PLAIN = Set.of("java/lang/Boolean", "java/lang/Integer", "java/lang/Long", "java/lang/Short",
      "java/lang/Byte", "java/lang/Character", "java/lang/Double", "java/lang/Float", "java/lang/String", "java/lang/Void",
      "java/util/concurrent/atomic/AtomicInteger", "java/util/concurrent/atomic/AtomicLong", "java/util/concurrent/atomic/AtomicBoolean");

  private ThreadLocals() {}

  static List<FieldStory> in(Program program) {
    List<FieldStory> found = new ArrayList<>();
    for (FieldStory field : program.fields()) {
      if (program.types.categoryOf(field.facts.desc()) == Category.THREAD_LOCAL && !field.facts.isSynthetic()) {
        found.add(field);
      }
    }
    return found;
  }

  /** Returns whether somebody can reach code that removes the value; a method that sets it too reaches its own removal. */
  static boolean isRemoved(Program program, FieldStory field) {
    return field.removals.stream().anyMatch(place -> program.isReached(place.method())
        || field.sets.stream().anyMatch(set -> set.method() == place.method()));
  }

  static List<Site> sites(Set<FieldStory.Place> places) {
    return places.stream().map(place -> Check.site(place.method(), place.line())).distinct().sorted().toList();
  }

  /** Returns whether the value is small and of the JDK's own, and so holds neither objects nor a class loader. */
  static boolean holdsPlainValue(FieldStory field) {
    List<String> arguments = Signatures.arguments(field.facts.signature());
    return arguments.size() == 1 && (PLAIN.contains(Signatures.erasure(arguments.get(0))));
  }

  /** Returns whether the value is of the JDK's own and no collection: it costs memory for each thread, but it holds nothing of ours. */
  static boolean holdsJdkObject(Program program, FieldStory field) {
    List<String> arguments = Signatures.arguments(field.facts.signature());
    if (arguments.size() != 1) {
      return false;
    }
    String type = Signatures.erasure(arguments.get(0));
    return type.startsWith("[") && !type.endsWith(";")
        || type.startsWith("java/") && program.types.category(type) != Category.COLLECTION && Signatures.arguments(arguments.get(0)).isEmpty()
            && !type.equals("java/lang/Object");
  }
}
