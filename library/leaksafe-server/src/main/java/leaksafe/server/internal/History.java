package leaksafe.server.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.census.CensusEntry;
import leaksafe.census.CensusSnapshot;
import leaksafe.server.CensusServer;

/** The latest sizes of the largest containers, and of the heap. Numbers alone. */
final class History {
  private static final long HEAP = 0; // the numbers of containers begin with 1

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Series> series = new HashMap<>(); // guarded by lock
  private long latest; // guarded by lock

  /** The latest numbers of one kind, in a ring. */
  private static final class Series {
    private final long[] ring = new long[CensusServer.POINTS];
    private int next;
    private int count;

    void add(long value) {
      ring[next] = value;
      next = (next + 1) % ring.length;
      count = Math.min(count + 1, ring.length);
    }

    long[] oldestFirst() {
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = ring[(next - count + i + ring.length) % ring.length];
      }
      return values;
    }
  }

  /** Notes the sizes, and forgets containers that are gone or no longer among the largest. */
  void add(CensusSnapshot snapshot) {
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    lock.lock();
    try {
      if (snapshot.number() <= latest) {
        return; // overtaken by a later one
      }
      latest = snapshot.number();
      Set<Long> present = new HashSet<>();
      present.add(HEAP);
      seriesOf(HEAP).add(used);
      for (CensusEntry entry : snapshot.entries().subList(0, Math.min(CensusServer.SERIES, snapshot.entries().size()))) {
        present.add(entry.id());
        seriesOf(entry.id()).add(entry.size());
      }
      series.keySet().retainAll(present);
    } finally {
      lock.unlock();
    }
  }

  private Series seriesOf(Long id) {
    return series.computeIfAbsent(id, key -> new Series());
  }

  /** Returns the sizes of a container, oldest first; empty if it is not known. */
  long[] of(long id) {
    lock.lock();
    try {
      Series one = series.get(id);
      return one == null ? new long[0] : one.oldestFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many bytes of the heap were in use, oldest first. */
  long[] heap() {
    return of(HEAP);
  }

  /** Returns how many series there are. */
  int size() {
    lock.lock();
    try {
      return series.size();
    } finally {
      lock.unlock();
    }
  }
}
