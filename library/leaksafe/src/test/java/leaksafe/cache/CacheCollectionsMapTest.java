package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import org.apache.commons.collections4.collection.AbstractCollectionTest;
import org.apache.commons.collections4.map.AbstractMapTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract of {@link Map} over {@link Cache#asMap}, as the tests of Apache Commons Collections see it. */
class CacheCollectionsMapTest {

  /** What differs from the maps that those tests are made for. */
  abstract static class Contract extends AbstractMapTest<ConcurrentMap<Object, Object>, Object, Object> {

    abstract CacheBuilder<Object, Object> builder();

    @Override
    public ConcurrentMap<Object, Object> makeObject() {
      return builder().build().asMap();
    }

    @Override
    public Map<Object, Object> makeConfirmedMap() {
      return new HashMap<>();
    }

    @Override
    public boolean isAllowNullKey() {
      return false;
    }

    @Override
    public boolean isAllowNullValue() {
      return false;
    }

    @Override
    public boolean isFailFastExpected() {
      return false; // iterators are weakly consistent
    }

    @Override
    public boolean isTestSerialization() {
      return false; // a cache is not a value
    }

    /** As the original, but for the question whether null is a value, which {@link ConcurrentMap} may refuse. */
    @Test
    @Override
    public void testMapContainsValue() {
      resetFull();
      for (Object value : getSampleValues()) {
        assertThat(getMap().containsValue(value)).isTrue();
      }
      for (Object other : getOtherNonNullStringElements()) {
        assertThat(getMap().containsValue(other)).isFalse();
      }
      verify();
    }

    @Override
    protected int getIterationBehaviour() {
      return AbstractCollectionTest.UNORDERED;
    }

    @Nested
    class Entries extends TestMapEntrySet {}

    @Nested
    class Keys extends TestMapKeySet {}

    @Nested
    class Values extends TestMapValues {}
  }

  @Nested
  class OfASize extends Contract {
    @Override
    CacheBuilder<Object, Object> builder() {
      return Cache.builder().maximumSize(1_000);
    }
  }

  @Nested
  class OfAWeight extends Contract {
    @Override
    CacheBuilder<Object, Object> builder() {
      return Cache.builder().maximumWeight(10_000).weigher((key, value) -> 3);
    }
  }

  @Nested
  class InOrderOfUse extends Contract {
    @Override
    CacheBuilder<Object, Object> builder() {
      return Cache.builder().maximumSize(1_000).eviction(Eviction.LRU);
    }
  }

  @Nested
  class WithLifetimes extends Contract {
    @Override
    CacheBuilder<Object, Object> builder() {
      return Cache.builder().expireAfterWrite(Duration.ofHours(1)).expireAfterAccess(Duration.ofHours(1));
    }
  }

  @Nested
  class WithWeakValues extends Contract {
    @Override
    CacheBuilder<Object, Object> builder() {
      return Cache.builder().weakValues();
    }
  }

  @Nested
  class Unbounded extends Contract {
    @Override
    CacheBuilder<Object, Object> builder() {
      return Cache.builder().unbounded().recordStats().removalListener((key, value, cause) -> { });
    }
  }
}
