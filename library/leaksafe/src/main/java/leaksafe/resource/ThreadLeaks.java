package leaksafe.resource;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import leaksafe.resource.internal.LiveThreads;

/**
 * Names the threads that nobody stopped: those that are alive now and were not at an earlier time.
 *
 * <p>Threads that were started through a {@link Scope} are reported with the stack that started them, those of an {@link OwnedExecutors owned executor}
 * with the stack that made the executor. Of others the JVM does not know that; where they are now, their class and their thread group say where they come from.
 *
 * <p>Left out are the threads of the JVM and of this library, and the workers of the common pool: nobody has to stop those.
 *
 * <p><b>Cost.</b> O(threads) for a snapshot, and a stack trace for each thread that is reported.
 *
 * <p><b>Not promised.</b> Virtual threads are not seen: the JVM does not list them, and they end with their task.
 *
 * {@snippet :
 * ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
 * startAndStopTheApplication();
 * List<ThreadLeak> left = ThreadLeaks.since(before, Duration.ofSeconds(2));
 * }
 */
public final class ThreadLeaks {
  private static final long PAUSE_MILLIS = 5;

  private ThreadLeaks() {}

  /** The threads that were alive at some time: their ids, not the threads. */
  public static final class Snapshot {
    private final Set<Long> ids;

    private Snapshot(Set<Long> ids) {
      this.ids = ids;
    }

    /** Returns how many threads there were. */
    public int size() {
      return ids.size();
    }
  }

  /** Returns the threads that are alive now. */
  public static Snapshot snapshot() {
    return new Snapshot(LiveThreads.list().stream().map(Thread::getId).collect(Collectors.toUnmodifiableSet()));
  }

  /** Returns the threads that are alive now and were not when the snapshot was taken. */
  public static List<ThreadLeak> since(Snapshot snapshot) {
    List<ThreadLeak> leaks = new ArrayList<>();
    for (Thread thread : newThreads(snapshot)) {
      ThreadLeak leak = LiveThreads.describe(thread);
      if (thread.isAlive()) { // or it ended while it was looked at
        leaks.add(leak);
      }
    }
    return List.copyOf(leaks);
  }

  /**
   * Returns the threads that are still alive after they had time to end, and were not alive when the snapshot was taken. Returns as soon as
   * there are none.
   *
   * @param grace how long to wait for them
   * @throws IllegalArgumentException if the time is negative
   * @throws InterruptedException if this thread is interrupted while it waits
   */
  public static List<ThreadLeak> since(Snapshot snapshot, Duration grace) throws InterruptedException {
    if (requireNonNull(grace, "grace").isNegative()) {
      throw new IllegalArgumentException("grace must be at least 0, but was " + grace);
    }
    long start = System.nanoTime();
    while (!newThreads(snapshot).isEmpty()) {
      if (grace.compareTo(Duration.ofNanos(System.nanoTime() - start)) <= 0) {
        return since(snapshot);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return List.of();
  }

  private static List<Thread> newThreads(Snapshot snapshot) {
    requireNonNull(snapshot, "snapshot");
    return LiveThreads.list().stream().filter(thread -> !snapshot.ids.contains(thread.getId())).toList();
  }
}
