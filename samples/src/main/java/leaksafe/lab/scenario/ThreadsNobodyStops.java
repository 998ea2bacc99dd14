package leaksafe.lab.scenario;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import leaksafe.lab.Scenario;
import leaksafe.lab.input.ClassFile;
import leaksafe.lab.input.JdkClass;
import leaksafe.lab.run.Stage;
import leaksafe.resource.Scope;

/** Each job makes an executor with a thread, and nobody shuts it down. */
public final class ThreadsNobodyStops implements Scenario {
  private static final int JOB_EVERY = 20;
  private static final int WORKSPACE = 1 << 17;

  private static final class AdHoc {
    // @start region="ad-hoc"
    static ClassFile parseElsewhere(JdkClass input) throws Exception {
      ExecutorService executor = Executors.newFixedThreadPool(1);
      ThreadLocal<byte[]> workspace = ThreadLocal.withInitial(() -> new byte[WORKSPACE]);
      return executor.submit(() -> {
        workspace.get()[0] = input.bytes()[0];
        return input.parse();
      }).get();
      // the thread waits for ever for the next task
    }
    // @end
  }

  private static final class Ours {
    // @start region="leaksafe"
    static ClassFile parseElsewhere(JdkClass input) throws Exception {
      try (Scope scope = Scope.open("parse")) {
        ExecutorService executor = scope.adopt(Executors.newFixedThreadPool(1), Duration.ofSeconds(5));
        ThreadLocal<byte[]> workspace = ThreadLocal.withInitial(() -> new byte[WORKSPACE]);
        return executor.submit(() -> {
          workspace.get()[0] = input.bytes()[0];
          return input.parse();
        }).get();
      } // shut down, and its end awaited
    }
    // @end
  }

  @Override
  public String name() {
    return "threads";
  }

  @Override
  public String title() {
    return "Threads that nobody stops";
  }

  @Override
  public String summary() {
    return "Each job makes an executor and drops it; its thread goes on waiting, with all that it holds.";
  }

  @Override
  public String culprit() {
    return Thread.class.getName();
  }

  @Override
  public void adHoc(Stage stage) throws Exception {
    int[] count = {0};
    stage.forEachClass(input -> {
      if (++count[0] % JOB_EVERY == 0) {
        AdHoc.parseElsewhere(input);
      }
    });
  }

  @Override
  public void leaksafe(Stage stage) throws Exception {
    int[] count = {0};
    stage.forEachClass(input -> {
      if (++count[0] % JOB_EVERY == 0) {
        Ours.parseElsewhere(input);
      }
    });
  }
}
