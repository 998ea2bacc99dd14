package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.rules.GrowingField.KeyDomain;
import leaksafe.lint.internal.rules.GrowingField.Life;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Program;

/** A collection in an object that threads share, which is added to and never shrinks (LS005). */
final class LongLivedObjectOnlyGrows implements Check {

  private static final List<String> SETS_UP = List.of("register", "define", "configure", "init", "start", "bindTo", "prime", "setUp", "setup",
      "bootstrap", "processBoot", "afterPropertiesSet", "set");

  @Override
  public Rule rule() {
    return new Rule("LS005", "LongLivedObjectOnlyGrows", "A collection of a long-lived object is added to and never shrinks");
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    for (GrowingField growing : GrowingField.in(program)) {
      if (reports(program, growing)) {
        FieldStory field = growing.field();
        boolean stops = field.owner.methods().stream()
            .anyMatch(method -> Set.of("close", "stop", "shutdown", "destroy").contains(method.name()));
        growing.report("LS005", GrowingField.isComponent(field.owner) || stops ? Severity.WARNING : Severity.INFO,
            "nothing removes from it, and threads share it, so its owner lives long",
            "remove the entry when its subject ends, or use a leaksafe.cache.Cache or WeakRegistry", findings);
      }
    }
  }

  static boolean reports(Program program, GrowingField growing) {
    FieldStory field = growing.field();
    return growing.lives() == Life.INSTANCE && !growing.manual() && field.madeHere && isShared(field) && !isShortLived(program, field)
        && growing.domain() != KeyDomain.CLASSES && !isSetUp(field)
        && field.growths.stream().anyMatch(growth -> !growth.constantKey());
  }

  /** Returns whether only methods add that run while the object or what it describes is set up. */
  private static boolean isSetUp(FieldStory field) {
    return field.growths.stream().allMatch(growth -> {
      String name = growth.method().facts.name();
      return name.startsWith("lambda$new$") || SETS_UP.stream().anyMatch(name::startsWith);
    });
  }

  private static boolean isShared(FieldStory field) {
    return field.concurrent || field.facts.desc().contains("java/util/concurrent/")
        || field.growths.stream().anyMatch(growth -> growth.method().facts.locks());
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
