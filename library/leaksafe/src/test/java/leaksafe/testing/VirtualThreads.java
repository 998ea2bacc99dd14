package leaksafe.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Virtual threads for tests that run on Java 17, too, where they are skipped. */
public final class VirtualThreads {

  private VirtualThreads() {}

  /** Returns an executor with a virtual thread for each task, or skips the test where there are none. */
  public static ExecutorService executor() {
    try {
      return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException e) {
      return abort("needs virtual threads, which came with Java 21");
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
