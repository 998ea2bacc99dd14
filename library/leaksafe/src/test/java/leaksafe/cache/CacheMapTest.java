package leaksafe.cache;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import junit.framework.Test;
import junit.framework.TestSuite;

/** The contract of {@link java.util.concurrent.ConcurrentMap} over {@link Cache#asMap} of every configuration. */
public final class CacheMapTest {

  private CacheMapTest() {}

  /** Called by the runner. */
  @SuppressWarnings("exports")
  public static Test suite() {
    Map<String, Supplier<CacheBuilder<Object, Object>>> configurations = new LinkedHashMap<>();
    configurations.put("size", () -> Cache.builder().maximumSize(1000));
    configurations.put("many segments", () -> Cache.builder().maximumSize(1_000_000));
    configurations.put("weight", () -> Cache.builder().maximumWeight(10_000).weigher((k, v) -> k.hashCode() & 7));
    configurations.put("LRU", () -> Cache.builder().maximumSize(1000).eviction(Eviction.LRU));
    configurations.put("FIFO", () -> Cache.builder().maximumSize(1000).eviction(Eviction.FIFO));
    configurations.put("write", () -> Cache.builder().expireAfterWrite(Duration.ofHours(1)));
    configurations.put("access", () -> Cache.builder().expireAfterAccess(Duration.ofHours(1)).exactClock());
    configurations.put("write, access, weight", () -> Cache.builder().expireAfterWrite(Duration.ofHours(1))
        .expireAfterAccess(Duration.ofHours(1)).maximumWeight(10_000).weigher((k, v) -> 1).recordStats());
    configurations.put("variable", () -> Cache.builder().expireAfter(Expiry.accessing((k, v) -> Duration.ofHours(1))));
    configurations.put("weak values", () -> Cache.builder().weakValues());
    configurations.put("weak keys", () -> Cache.builder().weakKeys());
    configurations.put("weak keys, all", () -> Cache.builder().weakKeys().weakValues().maximumSize(1000)
        .expireAfterWrite(Duration.ofHours(1)).expireAfterAccess(Duration.ofHours(1)));
    configurations.put("unbounded, listener", () -> Cache.builder().unbounded().removalListener((k, v, cause) -> {}));

    TestSuite all = new TestSuite("Cache.asMap");
    configurations.forEach((name, builder) -> all.addTest(suite(name, builder)));
    return all;
  }

  private static Test suite(String name, Supplier<CacheBuilder<Object, Object>> builder) {
    return ConcurrentMapTestSuiteBuilder.using(new TestStringMapGenerator() {
      @Override
      protected Map<String, String> create(Map.Entry<String, String>[] entries) {
        Cache<String, String> cache = builder.get().build();
        Map<String, String> map = cache.asMap();
        for (Map.Entry<String, String> entry : entries) {
          map.put(entry.getKey(), entry.getValue());
        }
        return map;
      }
    }).named("Cache.asMap: " + name)
        .withFeatures(MapFeature.GENERAL_PURPOSE, CollectionFeature.SUPPORTS_ITERATOR_REMOVE, CollectionSize.ANY)
        .createTestSuite();
  }
}
