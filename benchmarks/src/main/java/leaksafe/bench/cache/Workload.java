package leaksafe.bench.cache;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the cache benchmarks have in common: a filled cache and a long sequence of keys drawn from a Zipf distribution (0.99). Keys are
 * random 64-bit numbers, looked up through objects that are equal to, but not identical with, those in the cache.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class Workload {
  private static final int SEQUENCE = 1 << 20;
  private static final long UNKNOWN = 1L << 50; // beyond all ranks and all fresh keys

  /** The implementation, see {@link Peer#of}. */
  @Param({"leaksafe", "caffeine", "cache2k", "guava", "chm", "lru"})
  public String impl;

  private Long[] sequence;
  Peer<Long, Long> cache;

  /** Returns the maximum of the cache, which is filled up to it. */
  abstract int maximum();

  /** Returns how many different keys are asked for. */
  int keys() {
    return maximum();
  }

  /** Returns how many of a hundred keys that are asked for are among the {@link #keys}; the others nobody ever puts. */
  int known() {
    return 100;
  }

  Peer.Lifetime lifetime() {
    return Peer.Lifetime.NONE;
  }

  /** Makes, fills and settles the cache. */
  @Setup
  public void fill() {
    cache = Peer.of(impl, maximum(), lifetime());
    long[] ranks = new long[keys()];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = i;
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = ranks.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long rank = ranks[i];
      ranks[i] = ranks[j];
      ranks[j] = rank;
    }
    for (int i = 0; i < maximum(); i++) {
      Long key = Zipf.scatter(ranks[i]);
      cache.put(key, key);
    }
    cache.settle();
    sequence = new Long[SEQUENCE];
    Zipf zipf = new Zipf(keys(), 0.99, 42);
    for (int i = 0; i < SEQUENCE; i++) {
      sequence[i] = Zipf.scatter(random.nextInt(100) < known() ? zipf.next() : UNKNOWN + i);
    }
    System.gc();
  }

  Long key(Cursor cursor) {
    return sequence[cursor.next++ & SEQUENCE - 1];
  }

  /** A thread's place in the sequence, and its own supply of keys that nobody has seen. */
  @State(Scope.Thread)
  public static class Cursor {
    int next;
    private long fresh;

    /** Starts each thread elsewhere. */
    @Setup(Level.Trial)
    public void start(BenchmarkThreads threads) {
      int thread = threads.count.getAndIncrement();
      next = thread * (SEQUENCE / 3);
      fresh = (thread + 1L) << 40;
    }

    Long freshKey() {
      return Zipf.scatter(fresh++);
    }

    /** Returns the key that was fresh so many keys ago. */
    Long formerKey(int ago) {
      return Zipf.scatter(fresh - ago);
    }
  }

  /** Counts the threads of a trial. */
  @State(Scope.Benchmark)
  public static class BenchmarkThreads {
    final AtomicInteger count = new AtomicInteger();
  }
}
