package leaksafe.cache;

import java.time.Duration;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class CacheHygieneTest {

  @Test
  void a_loader_with_caches_in_static_fields_is_collected() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Deployed.class));
  }

  @Test
  void a_loader_with_leases_budgets_refreshing_pressure_groups_and_futures_in_static_fields_is_collected() {
    Gc.awaitCleared(ChildLoader.runAndDrop(CacheApplication.class));
  }

  /** Keeps caches of every kind in static fields, with entries that wait for their end, and uses them. */
  public static final class Deployed implements Runnable {
    private static final Duration LONG = Duration.ofHours(1);

    @SuppressWarnings("unused")
    private static Cache<?, ?>[] caches;

    @Override
    public void run() {
      caches = new Cache<?, ?>[] {
          used(Cache.<Object, Object>builder().maximumSize(100)),
          used(Cache.<Object, Object>builder().maximumWeight(100).weigher((key, value) -> 1)),
          used(Cache.<Object, Object>builder().maximumSize(10_000).expireAfterWrite(LONG).recordStats()),
          used(Cache.<Object, Object>builder().expireAfterAccess(LONG).removalListener((key, value, cause) -> { })),
          used(Cache.<Object, Object>builder().weakKeys().expireAfterWrite(LONG)),
          used(Cache.<Object, Object>builder().weakKeys().weakValues()),
          used(Cache.<Object, Object>builder().maximumSize(10).eviction(Eviction.LRU).weakValues()),
          used(Cache.<Object, Object>builder().unbounded())};
    }

    private static Cache<Object, Object> used(CacheBuilder<Object, Object> builder) {
      Cache<Object, Object> cache = builder.build();
      for (int i = 0; i < 200; i++) {
        cache.put(new Key(), new Key());
        cache.get(new Key(), key -> new Key());
      }
      cache.asMap().compute(new Key(), (key, value) -> new Key());
      return cache;
    }
  }

  /** An object of the deployed application. */
  static final class Key {}
}
