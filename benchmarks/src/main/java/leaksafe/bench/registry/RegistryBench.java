package leaksafe.bench.registry;

import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads and writes of entries whose keys live, in random order, and entries whose keys die at once.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare RegistryBench.get
 * impl=leaksafe-table,caffeine,mapMaker,syncWeakHashMap,springSoft,weakLockFree,chm}. It does not show threads that compute the value of
 * one key at once. {@code putFresh} is not for {@code chm}, which keeps all keys.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RegistryBench {
  private static final int KEYS = 1 << 14;

  /** See {@link Peer}. */
  @Param("leaksafe-table")
  public String impl;

  private final Key[] keys = new Key[KEYS];
  private final Object[] values = new Object[KEYS];
  private Peer peer;

  /** Fills it. */
  @Setup
  public void fill() {
    peer = Peer.of(impl);
    for (int i = 0; i < KEYS; i++) {
      keys[i] = Key.of(impl);
      values[i] = new Object();
      peer.put(keys[i], values[i]);
    }
    Collections.shuffle(Arrays.asList(keys), new Random(1));
  }

  /** Where a thread is in the keys. */
  @State(Scope.Thread)
  public static class Cursor {
    private int next = System.identityHashCode(this);

    int next() {
      return next++ & KEYS - 1;
    }
  }

  /** A hit. */
  @Benchmark
  public Object get(Cursor cursor) {
    return peer.get(keys[cursor.next()]);
  }

  /** Replaces a value. */
  @Benchmark
  public Object replace(Cursor cursor) {
    int i = cursor.next();
    return peer.put(keys[i], values[i]);
  }

  /** An entry for a fresh key, which is dropped at once: includes what the collector and the reaper have to do. */
  @Benchmark
  public Object putFresh() {
    return peer.put(Key.of(impl), values[0]);
  }
}
