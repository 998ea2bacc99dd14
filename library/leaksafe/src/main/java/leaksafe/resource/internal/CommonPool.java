package leaksafe.resource.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;

/** The one executor that nobody can own. */
public final class CommonPool {
  private CommonPool() {}

  /** Throws an exception that begins with the name if the executor is the common pool. */
  public static void refuse(String name, ExecutorService executor) {
    if (executor == (ExecutorService) ForkJoinPool.commonPool()) {
      throw new IllegalArgumentException(name + ": executor must be one that can be shut down, but was the common pool");
    }
  }
}
