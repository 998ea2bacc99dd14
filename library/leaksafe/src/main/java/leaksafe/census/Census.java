package leaksafe.census;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.Leak;
import leaksafe.internal.Containers;
import leaksafe.internal.RecentLeaks;
import leaksafe.internal.Reports;

/**
 * All containers that are there now: those of this library, which announce themselves, and those that somebody watches.
 *
 * <p>"All" means all of this copy of the library: where two class loaders bring one each, there are two censuses.
 *
 * <p><b>Threads.</b> Safe for use by many threads.
 *
 * @see CensusSnapshot
 */
public final class Census {
  private static final AtomicLong SNAPSHOTS = new AtomicLong();

  private Census() {}

  /**
   * Returns what the containers say of themselves now. They go on working meanwhile, so the figures of one fit together only when it
   * rests. A container that is unreachable is listed until the collector has found it, and never after.
   *
   * <p>A watched container whose size or probe throws is listed with its {@linkplain CensusEntry#failure failure}, and the first failure of
   * each is logged with its cause.
   *
   * <p><b>Cost.</b> O(containers), about a microsecond each, and what the size of a watched container costs; no collection, no lock of a hot path.
   */
  public static CensusSnapshot snapshot() {
    long number = SNAPSHOTS.incrementAndGet();
    Instant time = Instant.now();
    List<CensusEntry> entries = new ArrayList<>();
    for (Containers.Announcement announcement : Containers.announcements()) {
      Container container = announcement.get();
      if (container != null) {
        entries.add(entry(announcement, container));
      }
    }
    return new CensusSnapshot(number, time, entries);
  }

  private static CensusEntry entry(Containers.Announcement announcement, Container container) {
    long id = announcement.id();
    String loader = announcement.classLoader();
    try {
      return new CensusEntry(id, container.name(), container.kind(), container.creationSite(), loader, container.estimatedSize(),
          container.bound(), container.isUnbounded(), container.figures(), null);
    } catch (Throwable e) { // users' code, where the container is a watched one
      if (announcement.failedFirst()) {
        Reports.tell(FailureListener.logging(), new Failure(container.name(), "census", container.kind(), e));
      }
      return new CensusEntry(id, container.name(), container.kind(), container.creationSite(), loader, 0, "not known", false, Map.of(),
          e.getClass().getName());
    }
  }

  /** Returns the latest leaks that any container of the library reported, the latest first, at most {@value RecentLeaks#KEPT}. */
  public static List<Leak> recentLeaks() {
    return RecentLeaks.list();
  }

  /** Returns how many leaks were reported since the library was loaded. Reports that stand for many are counted once. */
  public static long leakCount() {
    return RecentLeaks.count();
  }

  /**
   * Watches a map: lists it, as long as it lives, with kind {@code map} and the line of this call.
   *
   * <p>The map is held weakly. So pass the map itself, not a view that is made for the call ({@code Collections.unmodifiableMap(m)}, {@code
   * m.subMap(a, b)}): a view is collected at once, and its watch ends. An object is watched once: watching it again replaces the watch.
   *
   * <p>Every snapshot calls {@link Map#size()} on a thread of the census's choosing: a map that is not made for many threads is read without
   * locking, which is harmless in all maps of the JDK; one whose {@code size} takes a lock or counts is slow here, too.
   *
   * @return what ends the watch; need not be kept
   */
  public static Watch watch(String name, Map<?, ?> map) {
    return Watching.start(name, Objects.requireNonNull(map, "map"), new SizeProbe<Map<?, ?>>("map", Map::size));
  }

  /** Watches a collection: lists it with kind {@code collection}, under the same terms as a {@linkplain #watch(String, Map) map}. */
  public static Watch watch(String name, Collection<?> collection) {
    return Watching.start(name, Objects.requireNonNull(collection, "collection"),
        new SizeProbe<Collection<?>>("collection", Collection::size));
  }

  /**
   * Watches anything that has a size, under the same terms as a {@linkplain #watch(String, Map) map}.
   *
   * <pre>{@code
   * Census.watch("open orders", "orders", orderBook, OrderBook::size);
   * }</pre>
   *
   * @param kind what it is, in one word
   * @param owner what is watched: held weakly, and handed to the function for each snapshot
   * @param size must not refer to the owner by itself
   * @throws IllegalArgumentException if the function captures the owner, and so would keep it alive
   */
  public static <T> Watch watch(String name, String kind, T owner, ToLongFunction<? super T> size) {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(owner, "owner");
    return Watching.start(name, owner, new SizeProbe<>(kind, Objects.requireNonNull(size, "size")));
  }

  /**
   * Watches anything that has a size, a bound and further figures, under the same terms as a {@linkplain #watch(String, Map) map}.
   *
   * @param owner what is watched: held weakly, and handed to the probe for each snapshot
   * @param probe must not refer to the owner by itself
   * @throws IllegalArgumentException if the probe refers to the owner, and so would keep it alive
   */
  public static <T> Watch watch(String name, T owner, Probe<? super T> probe) {
    Objects.requireNonNull(owner, "owner");
    return Watching.start(name, owner, Objects.requireNonNull(probe, "probe"));
  }

  /**
   * Takes a snapshot in each period and hands it to the consumer, beginning now, until the sampler is closed or dropped: <b>keep
   * it</b>. One call at a time; a call that takes longer than a period delays the next. What the consumer throws is logged with its cause.
   *
   * @param period at least 10 ms
   * @param consumer is called on a thread of the common pool
   * @throws IllegalArgumentException if the period is shorter
   */
  public static CensusSampler every(Duration period, Consumer<? super CensusSnapshot> consumer) {
    return new CensusSampler(period, Objects.requireNonNull(consumer, "consumer"));
  }
}
