package leaksafe.micrometer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.census.Census;
import leaksafe.census.CensusEntry;
import leaksafe.census.CensusSnapshot;

/**
 * The numbers behind the meters: sums over the containers of one kind and name. Counters are summed up by what was added since the last
 * snapshot, so that they do not fall when a container goes.
 */
final class Readings {
  /** How old a snapshot may be when a meter is read, in milliseconds. */
  static final int FRESH_MILLIS = 500;

  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);

  private final AtomicLong due = new AtomicLong(System.nanoTime());
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private Map<Long, CensusEntry> last = new HashMap<>();
  private Map<Group, Map<String, Double>> values = new HashMap<>();
  private long latest;

  private record Group(String kind, String name) {}

  /** Returns the value of a meter; 0 if there is no such container now. */
  double value(Reading reading) {
    long now = System.nanoTime();
    long then = due.get();
    if (now - then >= 0 && due.compareAndSet(then, now + FRESH_NANOS)) {
      update(Census.snapshot()); // on one thread; the others take what is there
    }
    lock.lock();
    try {
      return values.getOrDefault(new Group(reading.kind(), reading.name()), Map.of()).getOrDefault(reading.figure(), 0.0);
    } finally {
      lock.unlock();
    }
  }

  /** Takes the numbers of a snapshot, unless a later one was taken in before. */
  void update(CensusSnapshot snapshot) {
    lock.lock();
    try {
      if (snapshot.number() <= latest) {
        return;
      }
      latest = snapshot.number();
      Map<Long, CensusEntry> now = new HashMap<>();
      Map<Group, Map<String, Double>> sums = new HashMap<>();
      for (CensusEntry entry : snapshot.entries()) {
        now.put(entry.id(), entry);
        sums.computeIfAbsent(new Group(entry.kind(), ""), group -> new HashMap<>()).merge(Reading.CONTAINERS, 1.0, Double::sum);
        Group group = new Group(entry.kind(), entry.name());
        Map<String, Double> sum = sums.computeIfAbsent(group, this::countersOf);
        sum.merge("", (double) entry.size(), Double::sum);
        entry.figures().forEach((figure, value) -> sum.merge(figure, value.doubleValue() - counted(entry, figure), Double::sum));
      }
      last = now;
      values = sums;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what the counters of a group have come to. */
  private Map<String, Double> countersOf(Group group) {
    Map<String, Double> counters = new HashMap<>(values.getOrDefault(group, Map.of()));
    counters.keySet().removeIf(figure -> !Reading.isCounted(figure));
    return counters;
  }

  /** Returns what of a counter is in the sum already; 0 for what is not counted. */
  private double counted(CensusEntry entry, String figure) {
    CensusEntry before = Reading.isCounted(figure) ? last.get(entry.id()) : null;
    return before == null ? 0 : before.figure(figure, 0);
  }
}
