package leaksafe.lint.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import leaksafe.lint.Site;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.Signatures;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

/** Fields that hold a ThreadLocal. */
final class ThreadLocals {
  private static final Set<String> PLAIN = Set.of("java/lang/Boolean", "java/lang/Integer", "java/lang/Long", "java/lang/Short",
      "java/lang/Byte", "java/lang/Character", "java/lang/Double", "java/lang/Float", "java/lang/String", "java/lang/Void",
      "java/lang/StringBuilder", "java/lang/StringBuffer", "java/util/concurrent/atomic/AtomicInteger",
      "java/util/concurrent/atomic/AtomicLong", "java/util/concurrent/atomic/AtomicBoolean", "java/lang/ref/SoftReference",
      "java/lang/ref/WeakReference");

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

  /** Returns whether it is one of Netty's, which are numbered: none gives its number back, so each makes the table of every thread longer. */
  static boolean isNumbered(FieldStory field) {
    return field.facts.type().equals("io/netty/util/concurrent/FastThreadLocal");
  }

  static List<Site> sites(Set<FieldStory.Place> places) {
    return places.stream().map(place -> Check.site(place.method(), place.line())).distinct().sorted().toList();
  }

  /** Returns whether the value is text, a number, an array or collection of such, or held softly: it holds neither objects nor a class loader. */
  static boolean holdsPlainValue(Program program, FieldStory field) {
    String value = value(program, field);
    return value != null && isPlain(program, value);
  }

  private static boolean isPlain(Program program, String signature) {
    String type = Signatures.erasure(signature);
    if (PLAIN.contains(type) || type.startsWith("[") && !type.endsWith(";")) {
      return true;
    }
    List<String> arguments = Signatures.arguments(signature);
    return type.startsWith("java/util/") && program.types.category(type) == Category.COLLECTION && !arguments.isEmpty()
        && arguments.stream().allMatch(argument -> isPlain(program, argument));
  }

  /** Returns whether the value is of the JDK's own and no collection: it costs memory for each thread, but it holds nothing of ours. */
  static boolean holdsJdkObject(Program program, FieldStory field) {
    String value = value(program, field);
    if (value == null) {
      return false;
    }
    String type = Signatures.erasure(value);
    return isPlain(program, value) || type.startsWith("java/") && program.types.category(type) != Category.COLLECTION
        && Signatures.arguments(value).isEmpty() && !type.equals("java/lang/Object");
  }

  /** Returns whether the value is a collection of the JDK's that the code takes out of again what it puts in. */
  static boolean isEmptiedCollection(Program program, FieldStory field) {
    String value = value(program, field);
    String type = value == null ? "" : Signatures.erasure(value);
    return type.startsWith("java/util/") && program.types.category(type) == Category.COLLECTION
        && field.emptied.stream().anyMatch(place -> place.method().facts.isApi() || program.isReached(place.method()));
  }

  /** Returns the signature of the value's type, from the field's or from that of the class that the field holds; null if it is raw. */
  private static @Nullable String value(Program program, FieldStory field) {
    List<String> arguments = Signatures.arguments(field.facts.signature());
    if (arguments.size() == 1) {
      return arguments.get(0);
    }
    List<String> types = new ArrayList<>(List.of(field.facts.type()));
    types.addAll(field.allocations);
    for (String type : types) {
      ClassFacts facts = program.classes.get(type);
      String signature = facts == null ? null : facts.signature();
      int parent = signature == null ? -1 : signature.indexOf("Ljava/lang/ThreadLocal<");
      if (signature != null && parent >= 0) {
        return Signatures.arguments(signature.substring(parent)).get(0);
      }
    }
    return null;
  }
}
