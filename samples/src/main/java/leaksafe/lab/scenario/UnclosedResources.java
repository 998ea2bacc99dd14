package leaksafe.lab.scenario;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.lab.Scenario;
import leaksafe.lab.input.ClassFile;
import leaksafe.lab.input.JdkClass;
import leaksafe.lab.run.Stage;
import leaksafe.resource.Scope;

/** Readers register with their archive until they are closed, and one way out does not close them. */
public final class UnclosedResources implements Scenario {

  /** Keeps its open readers, as a connection its statements and a file system its streams. */
  static final class Archive {
    private final Set<Reader> open = ConcurrentHashMap.newKeySet();

    Reader open(JdkClass input) {
      Reader reader = new Reader(this, input);
      open.add(reader);
      return reader;
    }
  }

  /** Must be closed. */
  static final class Reader implements AutoCloseable {
    private final Archive archive;
    private final JdkClass input;

    Reader(Archive archive, JdkClass input) {
      this.archive = archive;
      this.input = input;
    }

    ClassFile read() {
      return input.parse();
    }

    @Override
    public void close() {
      archive.open.remove(this);
    }
  }

  private static final Archive ARCHIVE = new Archive();

  private static final class AdHoc {
    // @start region="ad-hoc"
    static int count(JdkClass first, JdkClass second) {
      Reader one = ARCHIVE.open(first);
      Reader two = ARCHIVE.open(second);
      ClassFile file = one.read();
      if (file.interfaces().isEmpty()) {
        one.close();
        return 0; // and the second reader?
      }
      int count = file.interfaces().size() + two.read().interfaces().size();
      two.close();
      one.close();
      return count;
    }
    // @end
  }

  private static final class Ours {
    // @start region="leaksafe"
    static int count(JdkClass first, JdkClass second) {
      try (Scope scope = Scope.open("count")) {
        Reader one = scope.own(ARCHIVE.open(first));
        Reader two = scope.own(ARCHIVE.open(second));
        ClassFile file = one.read();
        if (file.interfaces().isEmpty()) {
          return 0; // the scope closes both, in reverse order, whatever throws
        }
        return file.interfaces().size() + two.read().interfaces().size();
      }
    }
    // @end
  }

  @Override
  public String name() {
    return "unclosed";
  }

  @Override
  public String title() {
    return "Resources that one way out does not close";
  }

  @Override
  public String summary() {
    return "Open readers are known to their archive until they are closed; an early return leaves one open.";
  }

  @Override
  public String culprit() {
    return Reader.class.getName();
  }

  @Override
  public void adHoc(Stage stage) throws Exception {
    stage.forEachClass(input -> AdHoc.count(input, input));
  }

  @Override
  public void leaksafe(Stage stage) throws Exception {
    stage.forEachClass(input -> Ours.count(input, input));
  }
}
