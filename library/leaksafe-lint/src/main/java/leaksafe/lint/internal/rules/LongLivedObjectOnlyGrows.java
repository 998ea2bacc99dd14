package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.Signatures;
import leaksafe.lint.internal.facts.Vocabulary;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.rules.GrowingField.Life;
import leaksafe.lint.internal.rules.Keys.Domain;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.FieldStory.Growth;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

/** A collection in an object that threads share, which is added to and never shrinks (LS005). */
final class LongLivedObjectOnlyGrows implements Check {

  private static final Pattern ENDS = Pattern.compile("^(close|stop|shutdown|shutdownNow|destroy|dispose|terminate|start)$", Pattern.CASE_INSENSITIVE);
  private static final Pattern STREAM = Pattern.compile("(Stream|Reader|Writer)$");

  @Override
  public Rule rule() {
    return new Rule("LS005", "LongLivedObjectOnlyGrows", "A collection of a long-lived object is added to and never shrinks");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (GrowingField growing : GrowingField.in(program)) {
      if (reports(program, growing)) {
        String doubt = growing.doubt() != null ? growing.doubt() : doubt(program, growing);
        if (growing.removal() != Removal.NONE && (doubt == null || !doubt.endsWith(growing.removers()))) {
          continue;
        }
        new GrowingField(growing.field(), growing.lives(), growing.removal(), growing.domain(), doubt).report("LS005", Severity.WARNING,
            (growing.removal() == Removal.NONE ? "nothing removes from it" : "nothing removes single entries from it")
                + ", and threads share it, so its owner lives long",
            "remove the entry when its subject ends, or use a leaksafe.cache.Cache or WeakRegistry", findings);
      }
    }
  }

  static boolean reports(Program program, GrowingField growing) {
    FieldStory field = growing.field();
    return growing.lives() == Life.INSTANCE && field.madeHere && isShared(field) && !isShortLived(program, field)
        && growing.domain() != Domain.CLASSES && !field.growths.stream().allMatch(growth -> SetUp.isNamedSo(growth.method())) && !ListenerNeverRemoved.isHub(field)
        && field.growths.stream().anyMatch(growth -> !growth.hasConstantKey());
  }

  /** Returns what speaks against a leak in an object of which nobody knows how long it lives. */
  private static @Nullable String doubt(Program program, GrowingField growing) {
    FieldStory field = growing.field();
    boolean certain = growing.domain() == Domain.FRESH || Keys.areBuilt(field)
        || field.growths.stream().anyMatch(growth -> Events.isHandler(growth.method()));
    if (certain || GrowingField.isComponent(field.owner)) {
      return null;
    }
    if (isTree(field)) {
      return "it is part of a tree or graph of its own kind, which ends as a whole";
    }
    if (STREAM.matcher(field.owner.name()).find() && field.growths.stream().noneMatch(growth -> growth.method().facts.locks())) {
      return "its owner writes or reads one thing, and may end soon";
    }
    if (!isSharedByItself(field)) {
      return "only what calls the methods that add takes a lock";
    }
    if (program.isMadeOften(field.owner.name())) {
      return "its owner is made again and again, and may end soon";
    }
    boolean makesElements = growing.domain() == Domain.NONE && field.growths.stream().map(Growth::made).anyMatch(Objects::nonNull);
    if (growing.domain() != Domain.OUTSIDE && !makesElements) {
      return "nothing says that its keys or elements have no end";
    }
    return switch (growing.removal()) {
      case UNCALLED -> "there are methods that remove, which users may call: " + growing.removers();
      case AT_END -> "it is emptied when its owner ends: " + growing.removers();
      case NONE, SERVES -> isService(program, field.owner) ? null : "nothing says how long its owner lives: no container keeps it, and it is not closed";
    };
  }

  /** Returns whether objects of a class, or of what it is nested in or extends, are started, stopped or closed, as services are. */
  static boolean isService(Program program, ClassFacts owner) {
    for (ClassFacts at = owner; at != null; at = at.superName() == null ? null : program.classes.get(at.superName())) {
      if (at.methods().stream().anyMatch(method -> !method.isStatic() && method.desc().startsWith("()") && ENDS.matcher(method.name()).find())) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a method's name says that it ends its object. */
  static boolean isEnd(String method) {
    return ENDS.matcher(method).find() && !method.equalsIgnoreCase("start");
  }

  /** Returns whether the elements or values are of the owner's own class. */
  private static boolean isTree(FieldStory field) {
    List<String> arguments = Signatures.arguments(field.facts.signature());
    return !arguments.isEmpty() && Signatures.erasure(arguments.get(arguments.size() - 1)).equals(field.owner.name());
  }

  private static boolean isShared(FieldStory field) {
    return isSharedByItself(field) || field.growths.stream().anyMatch(growth -> locks(growth.method(), 0));
  }

  private static boolean isSharedByItself(FieldStory field) {
    return field.concurrent || Vocabulary.isConcurrent(field.facts.type())
        || field.growths.stream().anyMatch(growth -> growth.method().facts.locks() || Events.isHandler(growth.method()));
  }

  /** Returns whether a method takes a lock, or is one of its class's own that only such methods call. */
  private static boolean locks(Method method, int depth) {
    return method.facts.locks() || depth < 4 && !method.facts.isApi() && !method.callers().isEmpty()
        && method.callers().stream().allMatch(caller -> caller == method || caller.owner == method.owner && locks(caller, depth + 1));
  }

  /** Returns whether the elements are exceptions: what gathers those belongs to one piece of work and ends with it. */
  private static boolean collectsFailures(FieldStory field) {
    List<String> arguments = Signatures.arguments(field.facts.signature());
    String element = arguments.size() == 1 ? Signatures.erasure(arguments.get(0)) : "";
    return element.equals("java/lang/Throwable") || element.equals("java/lang/Exception");
  }

  private static boolean isShortLived(Program program, FieldStory field) {
    String parent = field.owner.superName();
    String simple = field.owner.name().substring(field.owner.name().lastIndexOf('/') + 1);
    return simple.contains("Builder") || collectsFailures(field) || program.isSubtype(parent, "java/lang/Throwable") || "java/lang/Exception".equals(parent)
        || "java/lang/Record".equals(parent) || program.types.category(field.owner.name()) != Category.NONE;
  }
}
