package leaksafe.bench.pool;

import com.zaxxer.hikari.util.ConcurrentBag;
import com.zaxxer.hikari.util.ConcurrentBag.IConcurrentBagEntry;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Lease;
import leaksafe.pool.Pool;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.openjdk.jmh.infra.Blackhole;
import stormpot.Allocator;
import stormpot.Expiration;
import stormpot.Poolable;
import stormpot.Slot;
import stormpot.Timeout;

/**
 * The pools that are compared, each seen as what all of them can do. Taking and giving back are written out for each: a call to one of several
 * implementations in between, where all of them run in one JVM, would cost as much as some of what is measured.
 */
final class Takers {
  private static final long SECONDS = 5;

  private Takers() {}

  /** A pool, to take objects from and to give them back to, at once. */
  interface Taker {
    /** Takes an object, works for so many tokens of {@link Blackhole#consumeCPU}, and gives it back. */
    Object one(int hold) throws Exception;

    /** Takes two objects, and gives both back. */
    Object two() throws Exception;
  }

  private static void use(int hold) {
    if (hold > 0) {
      Blackhole.consumeCPU(hold);
    }
  }

  /** Returns a pool of so many objects; {@code impl} is a parameter of the benchmarks. */
  static Taker of(String impl, int size) {
    return switch (impl) {
      case "leaksafe" -> leaksafe(size);
      case "stormpot" -> stormpot(size);
      case "concurrentBag" -> concurrentBag(size);
      case "arrayBlockingQueue" -> arrayBlockingQueue(size, false);
      case "fairArrayBlockingQueue" -> arrayBlockingQueue(size, true);
      case "commonsPool2" -> commonsPool2(size);
      default -> throw new IllegalArgumentException("impl must be one of leaksafe, stormpot, concurrentBag, arrayBlockingQueue, "
          + "fairArrayBlockingQueue, commonsPool2, but was " + impl);
    };
  }

  private static Taker leaksafe(int size) {
    Pool<Object> pool = Pool.<Object>builder(Object::new).size(size, size).build();
    Duration timeout = Duration.ofSeconds(SECONDS);
    return new Taker() {
      @Override
      public Object one(int hold) throws InterruptedException {
        try (Lease<Object> lease = pool.acquire(timeout)) {
          use(hold);
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
      public Object one(int hold) throws InterruptedException {
        StormpotObject a = pool.claim(timeout);
        use(hold);
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
      public Object one(int hold) throws InterruptedException {
        BagEntry a = bag.borrow(SECONDS, TimeUnit.SECONDS);
        use(hold);
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

  private static Taker arrayBlockingQueue(int size, boolean fair) {
    ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(size, fair);
    for (int i = 0; i < size; i++) {
      queue.add(new Object());
    }
    return new Taker() {
      @Override
      public Object one(int hold) throws InterruptedException {
        Object a = queue.poll(SECONDS, TimeUnit.SECONDS);
        use(hold);
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
      public Object one(int hold) throws Exception {
        Object a = pool.borrowObject();
        use(hold);
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
