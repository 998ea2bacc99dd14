package leaksafe.resource.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import leaksafe.Container;
import org.jspecify.annotations.Nullable;

/**
 * What an executor says about itself to the census: its size is the number of tasks that wait.
 *
 * @param pool what is behind the front, if it is known how to ask it; it does not refer to the front
 */
record ExecutorContainer(String name, String creationSite, @Nullable ThreadPoolExecutor pool) implements Container {

  @Override
  public String kind() {
    return "executor";
  }

  @Override
  public long estimatedSize() {
    return pool == null ? 0 : pool.getQueue().size();
  }

  @Override
  public String bound() {
    if (pool == null) {
      return "not known";
    }
    long capacity = capacity(pool);
    return capacity >= Integer.MAX_VALUE ? "unbounded" : "queueCapacity " + capacity;
  }

  @Override
  public boolean isUnbounded() {
    return pool != null && capacity(pool) >= Integer.MAX_VALUE;
  }

  private static long capacity(ThreadPoolExecutor pool) {
    if (pool instanceof OwnedPools.BoundedTimer timer) {
      return timer.capacity();
    }
    BlockingQueue<Runnable> queue = pool.getQueue();
    return (long) queue.remainingCapacity() + queue.size();
  }

  @Override
  public Map<String, Number> figures() {
    Map<String, Number> figures = new LinkedHashMap<>();
    if (pool != null) {
      figures.put("running", pool.getActiveCount());
      figures.put("threads", pool.getPoolSize());
      figures.put("maximumThreads", pool.getMaximumPoolSize());
      figures.put("completed", pool.getCompletedTaskCount());
    }
    return figures;
  }
}
