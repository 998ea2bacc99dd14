package leaksafe.lab.scenario;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import leaksafe.lab.Scenario;
import leaksafe.lab.input.JdkClass;
import leaksafe.lab.run.Stage;
import leaksafe.registry.PerThread;

/** Each parser has a thread-local workspace that refers to it, on threads that outlive all parsers. */
public final class ThreadLocalsOnPooledThreads implements Scenario {
  private static final int WORKSPACE = 1 << 14;
  private static final ExecutorService POOL = Executors.newFixedThreadPool(2, task -> {
    Thread thread = new Thread(task, "lab-pool");
    thread.setDaemon(true);
    return thread;
  });

  private static final class AdHoc {
    // @start region="ad-hoc"
    static final class Parser {
      // the value refers to the parser, the parser to the thread-local: the thread keeps all three
      private final ThreadLocal<Workspace> workspace = ThreadLocal.withInitial(() -> new Workspace(this));

      int parse(JdkClass input) {
        return workspace.get().parse(input);
      }
    }

    record Workspace(Parser parser, byte[] bytes) {
      Workspace(Parser parser) {
        this(parser, new byte[WORKSPACE]);
      }

      int parse(JdkClass input) {
        return bytes[0] + input.bytes().length;
      }
    }
    // @end
  }

  private static final class Ours {
    // @start region="leaksafe"
    static final class Parser {
      // values belong to the parser and go with it
      private final PerThread<Workspace> workspace = PerThread.<Workspace>builder(() -> new Workspace(this)).build();

      int parse(JdkClass input) {
        return workspace.get().parse(input);
      }
    }

    record Workspace(Parser parser, byte[] bytes) {
      Workspace(Parser parser) {
        this(parser, new byte[WORKSPACE]);
      }

      int parse(JdkClass input) {
        return bytes[0] + input.bytes().length;
      }
    }
    // @end
  }

  @Override
  public String name() {
    return "thread-locals";
  }

  @Override
  public String title() {
    return "ThreadLocals on pooled threads";
  }

  @Override
  public String summary() {
    return "Each short-lived parser has a ThreadLocal whose value refers to the parser; the pool's threads keep them all.";
  }

  @Override
  public String culprit() {
    return AdHoc.Workspace.class.getName();
  }

  @Override
  public void adHoc(Stage stage) throws Exception {
    stage.forEachClass(input -> POOL.submit(() -> new AdHoc.Parser().parse(input)).get());
  }

  @Override
  public void leaksafe(Stage stage) throws Exception {
    stage.forEachClass(input -> POOL.submit(() -> new Ours.Parser().parse(input)).get());
  }
}
