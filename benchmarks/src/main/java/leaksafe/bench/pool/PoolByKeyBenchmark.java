package leaksafe.bench.pool;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import leaksafe.Lease;
import leaksafe.pool.KeyedPool;
import org.apache.commons.pool2.BaseKeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericKeyedObjectPool;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
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
 * Taking an object of a key that is chosen at random, without waiting, and giving it back.
 *
 * <p>With {@code room=all} there is an object for each key and thread; with {@code room=half} for half of the keys, so that every other
 * time an idle object of another key has to give way, and a new one is opened, which costs next to nothing here.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare PoolByKeyBenchmark keys=1000 room=all impl=leaksafe,commonsPool2}
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Fork(value = 1, jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class PoolByKeyBenchmark {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  @Param({"leaksafe", "commonsPool2"})
  public String impl;

  @Param({"1", "1000"})
  public int keys;

  @Param({"all", "half"})
  public String room;

  private Integer[] all;
  private Taker taker;

  /** A pool, to take an object of a key from and to give it back to, at once; null if there was none. */
  private interface Taker {
    Object one(Integer key) throws Exception;
  }

  @Setup
  public void setUp() {
    all = new Integer[keys];
    for (int i = 0; i < keys; i++) {
      all[i] = i;
    }
    int total = room.equals("all") ? keys * THREADS : Math.max(THREADS, keys / 2);
    taker = switch (impl) {
      case "leaksafe" -> leaksafe(total);
      case "commonsPool2" -> commonsPool2(total);
      default -> throw new IllegalArgumentException("impl must be leaksafe or commonsPool2, but was " + impl);
    };
  }

  @Benchmark
  public Object one() throws Exception {
    return taker.one(all[ThreadLocalRandom.current().nextInt(all.length)]);
  }

  private static Taker leaksafe(int total) {
    KeyedPool<Integer, Object> pool =
        KeyedPool.<Integer, Object>builder(key -> new Object()).maximumPerKey(THREADS).maximumTotal(total).build();
    return key -> {
      try (Lease<Object> lease = pool.tryAcquire(key)) {
        return lease == null ? null : lease.get();
      }
    };
  }

  private static Taker commonsPool2(int total) {
    GenericKeyedObjectPoolConfig<Object> config = new GenericKeyedObjectPoolConfig<>();
    config.setMaxTotalPerKey(THREADS);
    config.setMaxIdlePerKey(THREADS);
    config.setMaxTotal(total);
    config.setJmxEnabled(false);
    GenericKeyedObjectPool<Integer, Object> pool = new GenericKeyedObjectPool<>(new BaseKeyedPooledObjectFactory<Integer, Object>() {
      @Override
      public Object create(Integer key) {
        return new Object();
      }

      @Override
      public PooledObject<Object> wrap(Object object) {
        return new DefaultPooledObject<>(object);
      }
    }, config);
    return key -> {
      Object object = pool.borrowObject(key);
      pool.returnObject(key, object);
      return object;
    };
  }
}
