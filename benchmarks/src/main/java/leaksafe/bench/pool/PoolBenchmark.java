package leaksafe.bench.pool;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import com.zaxxer.hikari.util.ConcurrentBag;
import com.zaxxer.hikari.util.ConcurrentBag.IConcurrentBagEntry;
import leaksafe.Lease;
import leaksafe.pool.Pool;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
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
import stormpot.Allocator;
import stormpot.Expiration;
import stormpot.Poolable;
import stormpot.Slot;
import stormpot.Timeout;

/**
 * Taking an object and giving it back, and the same with two objects at a time. {@code size=10} is without contention; {@code size=1} with
 * {@code -t 2} is nothing but contention.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare PoolBenchmark size=10
 * impl=leaksafe,stormpot,concurrentBag,arrayBlockingQueue,commonsPool2}, for one thread and for all processors.
 *
 * <p>It does not show what objects cost that are checked, nor fairness under contention.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Fork(value = 1, jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class PoolBenchmark {
  private static final long SECONDS = 5;

  @Param({"leaksafe", "stormpot", "concurrentBag", "arrayBlockingQueue", "commonsPool2"})
  public String impl;

  @Param("10")
  public int size;

  private Taker taker;

  /** A pool seen as what all of them can do. */
  interface Taker {
    Object one() throws Exception;

    Object two() throws Exception;
  }

  @Setup
  public void setUp() throws Exception {
    taker = switch (impl) {
      case "leaksafe" -> leaksafe(size);
      case "stormpot" -> stormpot(size);
      case "concurrentBag" -> concurrentBag(size);
      case "arrayBlockingQueue" -> arrayBlockingQueue(size);
      case "commonsPool2" -> commonsPool2(size);
      default -> throw new IllegalArgumentException("impl must be one of the params, but was " + impl);
    };
  }

  @Benchmark
  public Object one() throws Exception {
    return taker.one();
  }

  @Benchmark
  public Object two() throws Exception {
    if (size < 2) {
      throw new IllegalStateException("two objects at a time need a size of at least 2, but it was " + size + ": name PoolBenchmark.one");
    }
    return taker.two();
  }

  private static Taker leaksafe(int size) {
    Pool<Object> pool = Pool.<Object>builder(Object::new).size(size, size).build();
    Duration timeout = Duration.ofSeconds(SECONDS);
    return new Taker() {
      @Override
      public Object one() throws InterruptedException {
        try (Lease<Object> lease = pool.acquire(timeout)) {
          return lease.get();
        }
      }

      @Override
      public Object two() throws InterruptedException {
        try (Lease<Object> a = pool.acquire(timeout); Lease<Object> b = pool.acquire(timeout)) {
          return a.get() == b.get();
        }
      }
    };
  }

  private static final class StormpotObject implements Poolable {
    private final Slot slot;

    StormpotObject(Slot slot) {
      this.slot = slot;
    }

    @Override
    public void release() {
      slot.release(this);
    }
  }

  private static Taker stormpot(int size) {
    stormpot.Pool<StormpotObject> pool = stormpot.Pool.from(new Allocator<StormpotObject>() {
      @Override
      public StormpotObject allocate(Slot slot) {
        return new StormpotObject(slot);
      }

      @Override
      public void deallocate(StormpotObject object) {}
    }).setSize(size).setExpiration(Expiration.never()).build();
    Timeout timeout = new Timeout(SECONDS, TimeUnit.SECONDS);
    return new Taker() {
      @Override
      public Object one() throws InterruptedException {
        StormpotObject a = pool.claim(timeout);
        a.release();
        return a;
      }

      @Override
      public Object two() throws InterruptedException {
        StormpotObject a = pool.claim(timeout);
        StormpotObject b = pool.claim(timeout);
        b.release();
        a.release();
        return a == b;
      }
    };
  }

  private static final class BagEntry implements IConcurrentBagEntry {
    private final AtomicInteger state = new AtomicInteger();

    @Override
    public boolean compareAndSet(int expected, int next) {
      return state.compareAndSet(expected, next);
    }

    @Override
    public void setState(int next) {
      state.set(next);
    }

    @Override
    public int getState() {
      return state.get();
    }
  }

  private static Taker concurrentBag(int size) {
    ConcurrentBag<BagEntry> bag = new ConcurrentBag<>(waiting -> {});
    for (int i = 0; i < size; i++) {
      bag.add(new BagEntry());
    }
    return new Taker() {
      @Override
      public Object one() throws InterruptedException {
        BagEntry a = bag.borrow(SECONDS, TimeUnit.SECONDS);
        bag.requite(a);
        return a;
      }

      @Override
      public Object two() throws InterruptedException {
        BagEntry a = bag.borrow(SECONDS, TimeUnit.SECONDS);
        BagEntry b = bag.borrow(SECONDS, TimeUnit.SECONDS);
        bag.requite(b);
        bag.requite(a);
        return a == b;
      }
    };
  }

  private static Taker arrayBlockingQueue(int size) {
    ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(size);
    for (int i = 0; i < size; i++) {
      queue.add(new Object());
    }
    return new Taker() {
      @Override
      public Object one() throws InterruptedException {
        Object a = queue.poll(SECONDS, TimeUnit.SECONDS);
        queue.add(a);
        return a;
      }

      @Override
      public Object two() throws InterruptedException {
        Object a = queue.poll(SECONDS, TimeUnit.SECONDS);
        Object b = queue.poll(SECONDS, TimeUnit.SECONDS);
        queue.add(b);
        queue.add(a);
        return a == b;
      }
    };
  }

  private static Taker commonsPool2(int size) {
    GenericObjectPoolConfig<Object> config = new GenericObjectPoolConfig<>();
    config.setMaxTotal(size);
    config.setMaxIdle(size);
    config.setJmxEnabled(false);
    GenericObjectPool<Object> pool = new GenericObjectPool<>(new BasePooledObjectFactory<Object>() {
      @Override
      public Object create() {
        return new Object();
      }

      @Override
      public PooledObject<Object> wrap(Object object) {
        return new DefaultPooledObject<>(object);
      }
    }, config);
    return new Taker() {
      @Override
      public Object one() throws Exception {
        Object a = pool.borrowObject();
        pool.returnObject(a);
        return a;
      }

      @Override
      public Object two() throws Exception {
        Object a = pool.borrowObject();
        Object b = pool.borrowObject();
        pool.returnObject(b);
        pool.returnObject(a);
        return a == b;
      }
    };
  }
}
