package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Site;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.Signatures;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** Looks for one fault, after which it is named. */
public interface Check {

  /** Returns what it reports. */
  Rule rule();

  /** Reports what it finds in the program. */
  void check(Program program, Consumer<Finding> findings);

  /** Returns all checks. */
  static List<Check> all() {
    return List.of(new StaticCollectionOnlyGrows(), new StaticMapOnlyGrows(), new StaticMapKeepsClasses(), new RemovalNobodyCalls(),
        new LongLivedObjectOnlyGrows(), new LruMapNeverEvicts(), new WeakMapValueHoldsKey(), new WeakMapWithUnstableKey(),
        new ThreadLocalPerInstance(), new ThreadLocalNeverRemoved(), new LogContextNeverCleared(), new ExecutorNeverShutDown(),
        new ShutdownHookPerInstance(), new MBeanNeverUnregistered(), new DeleteOnExit(), new CleanerCapturesReferent(), new Finalizer(), new ListenerNeverRemoved(),
        new LeaseNeverClosed());
  }

  static Site site(Method method, int line) {
    String file = method.owner.sourceFile();
    return new Site(method.toString(), file == null ? "unknown source" : file, line);
  }

  static Site site(ClassFacts type) {
    String file = type.sourceFile();
    return new Site(type.name().replace('/', '.') + ".<init>", file == null ? "unknown source" : file, -1);
  }

  static Site site(FieldStory field) {
    String file = field.owner.sourceFile();
    return new Site(field.owner.name().replace('/', '.') + "." + field.facts.name(), file == null ? "unknown source" : file, field.line);
  }

  /** Returns a field's type as the source has it, without packages. */
  static String typeOf(FieldStory field) {
    String signature = field.facts.signature();
    return Signatures.readable(signature == null ? field.facts.desc() : signature);
  }
}
