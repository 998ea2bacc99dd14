package leaksafe.bench.memo;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Lease;
import leaksafe.cache.LeaseCache;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A lease of an open value, acquired and closed.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare LeaseBench impl=leaksafe,caffeine-counted}. The peer is what
 * people write: a cache of values with a reference count, closed by the removal listener's share or the last user. It does not bound
 * what is evicted and still in use, does not notice a user that is gone, and closing twice breaks it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LeaseBench {
  private static final int KEYS = 64;

  /** See the class. */
  @Param({"leaksafe", "caffeine-counted"})
  public String impl;

  private final Long[] keys = new Long[KEYS];
  private LeaseCache<Long, Value> ours;
  private com.github.benmanes.caffeine.cache.Cache<Long, Counted> peer;

  /** What is leased. */
  static final class Value implements AutoCloseable {
    @Override
    public void close() {}
  }

  /** A value with a reference count, which begins with the cache's share. */
  static final class Counted {
    final Value value = new Value();
    private final AtomicInteger shares = new AtomicInteger(1);

    boolean take() {
      while (true) {
        int seen = shares.get();
        if (seen == 0) {
          return false;
        }
        if (shares.compareAndSet(seen, seen + 1)) {
          return true;
        }
      }
    }

    void giveBack() {
      if (shares.decrementAndGet() == 0) {
        value.close();
      }
    }
  }

  /** Makes and fills it. */
  @Setup
  public void fill() throws InterruptedException {
    ours = LeaseCache.<Long, Value>builder().maximumOpen(128).build();
    peer = Caffeine.newBuilder().maximumSize(128)
        .<Long, Counted>removalListener((key, counted, cause) -> counted.giveBack()).build();
    for (int i = 0; i < KEYS; i++) {
      keys[i] = i * 0x9E37_79B9_7F4A_7C15L;
      ours.acquire(keys[i], key -> new Value()).close();
      peer.put(keys[i], new Counted());
    }
  }

  /** A thread's place among the keys. */
  @State(Scope.Thread)
  public static class Cursor {
    private int next;
  }

  /** The value is open. */
  @Benchmark
  public Object acquireAndClose(Cursor cursor) throws InterruptedException {
    Long key = keys[cursor.next++ & KEYS - 1];
    if (impl.equals("leaksafe")) {
      try (Lease<Value> lease = ours.acquire(key, k -> new Value())) {
        return lease.get();
      }
    }
    while (true) {
      Counted counted = peer.get(key, k -> new Counted());
      if (counted.take()) {
        try {
          return counted.value;
        } finally {
          counted.giveBack();
        }
      }
    }
  }
}
