package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import leaksafe.cache.Eviction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What it costs to invalidate a group, in accesses to entries. */
class GroupRemovalsTest {

  /** A cache of entries that know how often they are touched. */
  private static final class Counted extends SegmentedCache<Integer, String, Node<Integer, String>> {

    @SuppressWarnings("unchecked")
    Counted(Settings settings) {
      super(settings, "site", new CountingLayout<>(new StrongLayout<>(false, false, true, true)),
          (Node<Integer, String>[][]) new Node<?, ?>[segmentCount(settings)][]);
    }

    long takeTouches() {
      return ((CountingLayout<Integer, String>) layout).takeTouches();
    }

    @Override
    int hash(Integer key) {
      return StrongCache.spread(key);
    }

    @Override
    boolean sameKey(Integer one, Integer other) {
      return one.equals(other);
    }

    @Override
    @Nullable Node<Integer, String> search(Integer key, int hash) {
      return segmentOf(hash).find(key, hash);
    }

    @Override
    boolean hasChanged(Integer key, int meta) {
      return false;
    }

    @Override
    public @Nullable String getIfPresent(Integer key) {
      return lookup(key, hash(key));
    }
  }

  /** Returns a cache with so many entries, of which so many are in the group "page", and each is in one of a hundred others. */
  private static Counted filled(Eviction eviction, int entries, int members) {
    Settings settings = new Settings();
    settings.name = "counted";
    settings.maximumSize = 2L * entries;
    settings.eviction = eviction;
    BiFunction<Integer, String, List<?>> groups = (key, value) -> key < members ? List.of("page", key % 100) : List.of(key % 100);
    settings.groups = groups;
    Counted cache = new Counted(settings);
    for (int key = 0; key < entries; key++) {
      cache.put(key, "v");
    }
    assertThat(cache.estimatedSize()).isEqualTo(entries);
    return cache;
  }

  @ParameterizedTest
  @EnumSource
  void a_group_costs_the_same_in_a_small_cache_and_in_a_large_one(Eviction eviction) {
    int members = 20;
    long small = touches(filled(eviction, 1000, members), members);
    long large = touches(filled(eviction, 100_000, members), members);
    assertThat(small).as("each member is touched").isGreaterThanOrEqualTo(members);
    assertThat(large).as("touches in a cache of 100 times the size, of %s in the small one", small).isLessThan(2 * small);
  }

  @ParameterizedTest
  @EnumSource
  void twice_the_members_cost_twice_as_much_and_none_nothing(Eviction eviction) {
    int entries = 20_000;
    assertThat(touches(filled(eviction, entries, 0), 0)).isZero();
    long some = touches(filled(eviction, entries, 500), 500);
    long twice = touches(filled(eviction, entries, 1000), 1000);
    assertThat((double) twice / some).isBetween(1.7, 2.3);
  }

  private static long touches(Counted cache, int members) {
    cache.takeTouches();
    assertThat(cache.invalidateGroup("page")).isEqualTo(members);
    long touches = cache.takeTouches();
    cache.verify();
    return touches;
  }

  @Test
  void of_a_group_that_was_invalidated_nothing_is_left_to_pay_for() {
    Counted cache = filled(Eviction.ADAPTIVE, 1000, 100);
    touches(cache, 100);
    assertThat(touches(cache, 0)).isZero();
    assertThat(Objects.requireNonNull(cache.getIfPresent(999))).isEqualTo("v");
  }
}
