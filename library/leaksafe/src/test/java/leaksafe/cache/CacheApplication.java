package leaksafe.cache;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import leaksafe.Lease;
import leaksafe.memo.AsyncMemo;

/** An application that keeps what caches can do in static fields, with values, functions and listeners of its own classes. */
public final class CacheApplication implements Runnable {
  private static final Duration LONG = Duration.ofHours(1);
  private static final LeaseCache<Key, Value> LEASES = LeaseCache.<Key, Value>builder().maximumOpen(5).closer(Value::close).build();
  private static final LeaseCache<Key, Value> TIMED = LeaseCache.<Key, Value>builder().maximumOpen(5).expireAfterAccess(LONG).build();
  private static final Budget BUDGET = Budget.builder().maximumWeight(100).memoryPressure(pressure()).build();
  private static final Cache<Key, Value> ONE = Cache.<Key, Value>builder().budget(BUDGET).weigher((key, value) -> 2).build();
  private static final Cache<Key, Value> OTHER = Cache.<Key, Value>builder().budget(BUDGET).build();
  private static final Cache<Key, Value> PRESSED = Cache.<Key, Value>builder().maximumSize(100).memoryPressure(pressure()).build();
  private static final Cache<Key, Value> FRESH =
      Cache.<Key, Value>builder().maximumSize(100).refreshAfterWrite(Duration.ofNanos(1), key -> new Value()).refreshProactively().build();
  private static final Cache<Key, Value> GROUPED =
      Cache.<Key, Value>builder().maximumSize(100).groups((Key key, Value value) -> List.of(new Key())).recordStats().build();
  private static final AsyncMemo<Key, Value> ASYNC =
      AsyncMemo.<Key, Value>builder().orTimeout(LONG).build(key -> CompletableFuture.completedFuture(new Value()));

  private static MemoryPressure pressure() {
    return MemoryPressure.builder().threshold(0.9).listener(step -> new Value().close()).build();
  }

  static final class Key {}

  static final class Value implements AutoCloseable {
    @Override
    public void close() {}
  }

  private static Lease<Value> kept;

  /** Made by reflection, in a class loader of its own. */
  public CacheApplication() {}

  @Override
  public void run() {
    try {
      LEASES.acquire(new Key(), key -> new Value()).close();
      kept = LEASES.acquire(new Key(), key -> new Value());
      TIMED.acquire(new Key(), key -> new Value()).close();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    for (int i = 0; i < 200; i++) {
      Key key = new Key();
      for (Cache<Key, Value> cache : List.of(ONE, OTHER, PRESSED, FRESH, GROUPED)) {
        cache.put(key, new Value());
        cache.getIfPresent(key);
      }
      ASYNC.apply(key).join();
    }
    GROUPED.invalidateGroup(new Key());
    kept.get().close();
  }
}
