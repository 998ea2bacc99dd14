package leaksafe.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

/** The arithmetic of snapshots and differences, and their forms. */
class CensusSnapshotTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private static CensusEntry entry(long id, String name, String kind, long size) {
    return new CensusEntry(id, name, kind, "com.acme.App.main(App.java:" + id + ")", "app", size, "unbounded", true, Map.of(), null);
  }

  private static CensusSnapshot snapshot(long number, CensusEntry... entries) {
    return new CensusSnapshot(number, NOON.plusSeconds(number), List.of(entries));
  }

  /** Containers come, grow, shrink and go; the model counts by hand. */
  @Test
  void differences_tell_what_a_model_counts() {
    Seeded.check(300, random -> {
      String[] kinds = {"cache", "pool", "map"};
      Map<Long, CensusEntry> first = new HashMap<>();
      Map<Long, CensusEntry> second = new HashMap<>();
      for (long id = 1; id <= random.nextInt(30); id++) {
        String kind = kinds[random.nextInt(3)];
        boolean was = random.nextBoolean();
        boolean is = !was || random.nextInt(4) > 0;
        if (was) {
          first.put(id, entry(id, "c" + id % 5, kind, random.nextInt(4)));
        }
        if (is) {
          second.put(id, entry(id, "c" + id % 5, kind, random.nextInt(4)));
        }
      }
      check(first, second, random);
    });
  }

  private static void check(Map<Long, CensusEntry> first, Map<Long, CensusEntry> second, Random random) {
    CensusSnapshot earlier = snapshot(1, first.values().toArray(new CensusEntry[0]));
    CensusSnapshot later = snapshot(2, second.values().toArray(new CensusEntry[0]));
    Map<Long, Long> growth = new TreeMap<>();
    Map<String, Long> byKind = new TreeMap<>();
    Map<String, Long> number = new TreeMap<>();
    for (long id = 1; id <= 30; id++) {
      CensusEntry a = first.get(id);
      CensusEntry b = second.get(id);
      long grown = (b == null ? 0 : b.size()) - (a == null ? 0 : a.size());
      if (a == null && b == null || a != null && b != null && grown == 0) {
        continue;
      }
      growth.put(id, grown);
      String kind = (b == null ? a : b).kind();
      byKind.merge(kind, grown, Long::sum);
      number.merge(kind, a == null ? 1L : b == null ? -1L : 0L, Long::sum);
    }
    CensusDifference difference = later.since(earlier);
    Map<Long, Long> told = new TreeMap<>();
    difference.changes().forEach(change -> told.put(change.entry().id(), change.growth()));
    assertThat(told).isEqualTo(growth);
    assertThat(difference.totalGrowth()).isEqualTo(later.totalSize() - earlier.totalSize());
    assertThat(difference.changes()).isSortedAccordingTo((x, y) -> Long.compare(y.growth(), x.growth()));
    assertThat(difference.grown().changes()).allMatch(change -> change.growth() > 0)
        .hasSize((int) growth.values().stream().filter(g -> g > 0).count());
    assertThat(difference.by(Grouping.KIND)).hasSize(byKind.size()).allSatisfy(group -> {
      assertThat(group.size()).isEqualTo(byKind.get(group.key()));
      assertThat(group.containers()).isEqualTo(number.get(group.key()));
    });
    int n = 1 + random.nextInt(10);
    assertThat(difference.top(n).changes()).isEqualTo(difference.changes().subList(0, Math.min(n, difference.changes().size())));
    assertThat(later.top(n).entries()).isEqualTo(later.entries().subList(0, Math.min(n, later.entries().size())));
    assertThat(later.by(Grouping.NAME).stream().mapToLong(CensusGroup::size).sum()).isEqualTo(later.totalSize());
    assertThat(later.by(Grouping.SITE)).hasSameSizeAs(later.entries()).isSortedAccordingTo((x, y) -> Long.compare(y.size(), x.size()));
    assertThat(later.since(later).isEmpty()).isTrue();
  }

  @Test
  void snapshots_are_values() {
    List<CensusEntry> entries = new ArrayList<>(List.of(entry(1, "small", "map", 1), entry(2, "large", "map", 9)));
    CensusSnapshot one = new CensusSnapshot(1, NOON, entries);
    CensusSnapshot same = new CensusSnapshot(1, NOON, entries);
    entries.clear();
    assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(one.entries()).extracting(CensusEntry::name).containsExactly("large", "small");
  }

  @Test
  void figures_are_copied_as_plain_numbers() {
    AtomicLong mutable = new AtomicLong(3);
    CensusEntry entry = new CensusEntry(1, "c", "cache", "site", "app", 0, "", false, Map.of("hits", mutable), null);
    mutable.set(99);
    assertThat(entry.figures()).isEqualTo(Map.of("hits", 3L));
    CensusEntry later = new CensusEntry(1, "c", "cache", "site", "app", 0, "", false, Map.of("hits", 10), null);
    assertThat(new CensusChange(entry, later).growth("hits")).isEqualTo(7);
    assertThat(new CensusChange(entry, null).growth("hits")).isEqualTo(-3);
  }

  @Test
  void a_size_that_is_not_known_is_no_growth() {
    CensusEntry failed = new CensusEntry(1, "m", "map", "site", "app", 0, "", false, Map.of(), "java.lang.Error");
    assertThat(new CensusChange(failed, entry(1, "m", "map", 5)).growth()).isZero();
    assertThat(new CensusChange(entry(1, "m", "map", 5), failed).growth()).isZero();
  }

  @Test
  void a_clock_that_was_set_back_is_no_negative_time() {
    CensusSnapshot earlier = new CensusSnapshot(1, NOON, List.of());
    CensusSnapshot later = new CensusSnapshot(2, NOON.minusSeconds(60), List.of());
    assertThat(later.since(earlier).elapsed()).isEqualTo(Duration.ZERO);
  }

  @Test
  void bad_input_is_refused() {
    CensusSnapshot one = snapshot(1);
    CensusSnapshot two = snapshot(2);
    assertThatIllegalArgumentException().isThrownBy(() -> one.since(two)).withMessageStartingWith("earlier was taken after this snapshot")
        .withMessageEndingWith("call later.since(earlier)");
    assertThatNullPointerException().isThrownBy(() -> one.since(null)).withMessage("earlier");
    assertThatIllegalArgumentException().isThrownBy(() -> one.top(0)).withMessage("n must be at least 1, but was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> two.since(one).top(-1)).withMessage("n must be at least 1, but was -1");
    assertThatNullPointerException().isThrownBy(() -> one.by(null)).withMessage("grouping");
    assertThatIllegalArgumentException().isThrownBy(() -> new CensusChange(null, null));
    assertThatIllegalArgumentException().isThrownBy(() -> new CensusChange(entry(1, "a", "map", 1), entry(2, "a", "map", 1)))
        .withMessage("before has id 1 and now has id 2: both must be of one container");
  }

  @Test
  void the_text_is_a_table() {
    CensusSnapshot later = snapshot(2, entry(1, "orders", "cache", 20), entry(3, "new", "map", 100));
    CensusSnapshot earlier = snapshot(1, entry(1, "orders", "cache", 5), entry(2, "gone", "map", 7));
    assertThat(later).hasToString("census at 2026-11-25T12:00:02Z: all: 2 containers, 120 entries; largest: new 100, orders 20");
    assertThat(later.toText()).isEqualTo("""
        census at 2026-11-25T12:00:02Z: all: 2 containers, 120 entries; largest: new 100, orders 20
        name    kind   size  bound      figures  class loader  site
        new     map     100  unbounded           app           com.acme.App.main(App.java:3)
        orders  cache    20  unbounded           app           com.acme.App.main(App.java:1)
        """);
    CensusDifference difference = later.since(earlier);
    assertThat(difference).hasToString("in 1000 ms: 3 containers changed, +108 entries; grown: new +100, orders +15");
    assertThat(difference.toText()).isEqualTo("""
        in 1000 ms: 3 containers changed, +108 entries; grown: new +100, orders +15
        name    kind   before  now  growth  bound      class loader  site
        new     map         -  100    +100  unbounded  app           com.acme.App.main(App.java:3)
        orders  cache       5   20     +15  unbounded  app           com.acme.App.main(App.java:1)
        gone    map         7    -      -7  unbounded  app           com.acme.App.main(App.java:2)
        """);
    assertThat(difference.changes()).extracting(CensusChange::toString).containsExactly(
        "new (map): +100, new, from com.acme.App.main(App.java:3)",
        "orders (cache): +15 to 20, from com.acme.App.main(App.java:1)",
        "gone (map): -7, gone, from com.acme.App.main(App.java:2)");
    assertThat(later.by(Grouping.KIND)).extracting(CensusGroup::toString)
        .containsExactly("map: 1 container, 100 entries", "cache: 1 container, 20 entries");
  }

  @Test
  void markdown_is_one_table_whatever_the_names_are() {
    CensusSnapshot odd = snapshot(1, entry(1, "a|b\nc<script>\\", "map", 2));
    assertThat(odd.toMarkdown()).isEqualTo("""
        | name | kind | size | bound | figures | class loader | site |
        |---|---|---:|---|---|---|---|
        | a\\|b c&lt;script>\\\\ | map | 2 | unbounded |  | app | com.acme.App.main(App.java:1) |
        """);
    assertThat(odd.since(snapshot(1)).toMarkdown()).contains("| - | 2 | +2 |");
  }

  @Test
  void json_is_valid_whatever_the_names_and_figures_are() {
    Map<String, Number> figures = new LinkedHashMap<>();
    figures.put("hits", 3);
    figures.put("rate", Double.NaN);
    figures.put("share", 0.25);
    CensusEntry odd = new CensusEntry(7, "a\"\\\n\u0001\ud800x", "map", "site", "app", 2, "bound", false, figures, "java.lang.Error");
    assertThat(snapshot(1, odd).toJson()).isEqualTo("{\"time\":\"2026-11-25T12:00:01Z\",\"containers\":1,\"entries\":2,\"list\":["
        + "{\"id\":7,\"name\":\"a\\\"\\\\\\u000a\\u0001\\ud800x\",\"kind\":\"map\",\"site\":\"site\",\"classLoader\":\"app\",\"size\":2,"
        + "\"bound\":\"bound\",\"unbounded\":false,\"failure\":\"java.lang.Error\",\"figures\":{\"hits\":3,\"rate\":null,\"share\":0.25}}]}");
    CensusDifference difference = snapshot(2, entry(1, "a", "map", 2)).since(snapshot(1, entry(1, "a", "map", 1)));
    assertThat(difference.toJson()).isEqualTo("{\"from\":\"2026-11-25T12:00:01Z\",\"to\":\"2026-11-25T12:00:02Z\",\"growth\":1,\"changes\":["
        + "{\"growth\":1,\"appeared\":false,\"gone\":false,\"before\":1,\"id\":1,\"name\":\"a\",\"kind\":\"map\","
        + "\"site\":\"com.acme.App.main(App.java:1)\",\"classLoader\":\"app\",\"size\":2,\"bound\":\"unbounded\",\"unbounded\":true,"
        + "\"figures\":{}}]}");
    assertThat(snapshot(1).toJson()).isEqualTo("{\"time\":\"2026-11-25T12:00:01Z\",\"containers\":0,\"entries\":0,\"list\":[]}");
  }
}
