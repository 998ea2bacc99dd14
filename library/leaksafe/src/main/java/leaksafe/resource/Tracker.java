package leaksafe.resource;

import static java.util.Objects.requireNonNull;

import java.util.List;
import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.internal.CallSite;
import leaksafe.internal.Sampling;
import leaksafe.resource.internal.TrackerCore;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open resources of a library or application, and reports those that were dropped without having been closed, with the line
 * that opened them.
 *
 * <p>Every object is tracked, so the counts are exact. The call site, which costs about a microsecond, is captured for one of 128
 * by default, and for fewer where that would be more than about 8000 a second: three frames, without the resource's own constructor and factory methods. In tests capture all: set the system property
 * {@value #SAMPLING_PROPERTY} to 1, or say {@code sampleSites(1)}.
 *
 * <p>What leaked is found soon after the collector found it, by the library's own thread, whether or not anything else is tracked or
 * closed. Unlike Netty's {@code ResourceLeakDetector}, which finds leaks of one in 128 objects, and only when more are opened.
 *
 * <p><b>Lifetime.</b> Keep the tracker in a static field of the class that it tracks. It holds what it tracks weakly, and it is what
 * holds the records, the cleanup actions and the listeners: once the tracker itself is collected, nothing is reported or cleaned up
 * any more. So it keeps no class loader alive.
 *
 * <p><b>Cost.</b> Opening and closing are O(1), without a lock except once in about 32 times, and take 44 bytes for each open object.
 *
 * <p><b>Threads.</b> Safe for use by many threads. Listeners and cleanup actions are called one after the other, on a thread of the
 * library's choosing.
 *
 * <p><b>Not promised.</b> That a leak is found at all before the JVM ends: that is up to the collector. That {@link #open} is one
 * moment's number while others open and close. That a resource counts as closed if it is collected in the midst of its own {@code close}: it may be
 * unreachable as soon as it has read its record for the last time. Close the record as the first thing, or end the method with {@link
 * java.lang.ref.Reference#reachabilityFence reachabilityFence(this)}.
 *
 * {@snippet :
 * final class Connection implements AutoCloseable {
 *   private static final Tracker<Connection> TRACKER = Tracker.create("connections");
 *   private final Tracked tracked = TRACKER.track(this);
 *
 *   public void close() {
 *     tracked.close();
 *   }
 * }
 * }
 *
 * @param <T> the type of the resources
 */
public final class Tracker<T> {
  /** The system property with how often call sites are captured by trackers that do not say; 128 if it is not set. */
  public static final String SAMPLING_PROPERTY = Sampling.PROPERTY;

  private final TrackerCore core;

  private Tracker(TrackerCore core) {
    this.core = core;
  }

  /** Returns a tracker that reports to the log. */
  public static <T> Tracker<T> create(String name) {
    return Tracker.<T>builder(name).build();
  }

  /** Returns a builder of a tracker with a name for reports, such as {@code "connections"}. */
  public static <T> Builder<T> builder(String name) {
    return new Builder<>(name);
  }

  /**
   * Notes that a resource was opened. Close the result when the resource is closed; keep it in the resource.
   *
   * <p>Tracking one object twice gives two records, each of which must be closed.
   */
  public Tracked track(T resource) {
    return core.track(requireNonNull(resource, "resource"), null);
  }

  /**
   * Notes that a resource was opened, and what has to be done after it.
   *
   * <p>The action runs once and never twice: when the result is closed, or some time after the resource was dropped unclosed, which is reported
   * too; not at all if the JVM ends before, or the tracker is collected. It must not reach the resource, or the resource could never be collected. The first 16 actions of each class and all those
   * whose call site is sampled are searched for that, to a bounded depth.
   *
   * @throws IllegalArgumentException if the action was searched and reaches the resource, with the path; nothing is tracked then
   */
  public Tracked track(T resource, Runnable cleanup) {
    return core.track(requireNonNull(resource, "resource"), requireNonNull(cleanup, "cleanup"));
  }

  /** Returns how many are open now. O(open / 64). */
  public long open() {
    return core.open();
  }

  /** Returns what is open now by class and call site, most first. O(open). */
  public List<OpenGroup> openGroups() {
    return core.openGroups();
  }

  /** Returns how many were dropped without being closed, since this tracker was created. */
  public long leaked() {
    return core.leaked();
  }

  /**
   * Returns what was dropped without being closed by class and call site, most first. After 1024 different ones the rest is one group.
   */
  public List<LeakGroup> leakGroups() {
    return core.leakGroups();
  }

  /**
   * Changes how often call sites are captured from now on.
   *
   * @param every for one of so many objects, at random; 1 for all, 0 for none
   * @throws IllegalArgumentException if it is negative
   */
  public void sampleSites(int every) {
    core.sampleSites(Sampling.check("sampleSites", every));
  }

  /** Returns the name and the counts. O(open / 64). */
  @Override
  public String toString() {
    return "Tracker " + core.name() + ", " + open() + " open, " + leaked() + " leaked";
  }

  /**
   * Builds a tracker.
   *
   * @param <T> the type of the resources
   */
  public static final class Builder<T> {
    private final String name;
    private @Nullable LeakListener leakListener;
    private FailureListener failureListener = FailureListener.logging();
    private int sampleSites = Integer.MIN_VALUE;

    private Builder(String name) {
      this.name = requireNonNull(name, "name");
    }

    /**
     * Has a listener told of each leak. If it falls behind by more than 4096, the leaks beyond are counted and told as one. Without a
     * listener, the log gets the 1st, 2nd, 4th, 8th ... leak of each class and call site, with the count.
     */
    public Builder<T> leakListener(LeakListener listener) {
      leakListener = requireNonNull(listener, "listener");
      return this;
    }

    /** Has a listener told of the cleanup actions that fail; the log if it is not set. */
    public Builder<T> failureListener(FailureListener listener) {
      failureListener = requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Sets how often the call site is captured.
     *
     * @param every for one of so many objects, at random; 1 for all, 0 for none; if not set, what {@value Tracker#SAMPLING_PROPERTY} says
     * @throws IllegalArgumentException if it is negative
     */
    public Builder<T> sampleSites(int every) {
      sampleSites = Sampling.check("sampleSites", every);
      return this;
    }

    /**
     * Returns the tracker.
     *
     * @throws IllegalArgumentException if the sampling is not set here, and the system property is not a number from 0
     */
    public Tracker<T> build() {
      int every = sampleSites == Integer.MIN_VALUE ? Sampling.usual() : sampleSites;
      return new Tracker<>(new TrackerCore(name, "resource", CallSite.capture(), every, leakListener, failureListener).announced());
    }
  }
}
