package leaksafe.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HeapSnapshotTest {

  private static final class Marked {
    final Marked[] others = new Marked[3];
  }

  @Test
  void what_was_made_since_is_what_is_shown() {
    HeapSnapshot before = HeapSnapshot.live();
    List<Marked> kept = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      kept.add(new Marked());
    }
    HeapSnapshot after = HeapSnapshot.live();
    String name = Marked.class.getName();
    assertThat(after.since(before).matching(name).classes()).extracting(ClassCount::className, ClassCount::instances)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(name + "[]", 1000L), org.assertj.core.groups.Tuple.tuple(name, 1000L));
    assertThat(after.find("byte[]")).get().satisfies(bytes -> assertThat(bytes.bytes()).isPositive());
    assertThat(before.since(after).find(name)).contains(new ClassCount(name, -1000, -after.find(name).orElseThrow().bytes()));
    assertThat(HeapSnapshot.all().instances()).isGreaterThan(1000);
    Reference.reachabilityFence(kept);
  }

  private static HeapSnapshot snapshot(ClassCount... counts) {
    return new HeapSnapshot(false, List.of(counts));
  }

  private final HeapSnapshot first = snapshot(new ClassCount("a.A", 1, 16), new ClassCount("b.B", 10, 240), new ClassCount("c.C", 2, 48));
  private final HeapSnapshot second = snapshot(new ClassCount("a.A", 3, 48), new ClassCount("b.B", 10, 240), new ClassCount("d.D", 5, 80));

  @Test
  void a_difference_has_what_changed_and_nothing_else() {
    HeapSnapshot difference = second.since(first);
    assertThat(difference).isEqualTo(new HeapSnapshot(true,
        List.of(new ClassCount("d.D", 5, 80), new ClassCount("a.A", 2, 32), new ClassCount("c.C", -2, -48))));
    assertThat(difference.instances()).isEqualTo(5);
    assertThat(difference.bytes()).isEqualTo(64);
    assertThat(second.since(second).classes()).isEmpty();
  }

  @Test
  void classes_are_filtered_by_prefix_and_expression_and_cut_at_the_top() {
    assertThat(first.matching("a.", "c.").classes()).extracting(ClassCount::className).containsExactly("c.C", "a.A");
    assertThat(first.matching().classes()).isEmpty();
    assertThat(first.matching(Pattern.compile("B$")).classes()).extracting(ClassCount::className).containsExactly("b.B");
    assertThat(first.top(2).classes()).extracting(ClassCount::className).containsExactly("b.B", "c.C");
    assertThat(first.top(99)).isEqualTo(first);
    assertThat(first.top(0).classes()).isEmpty();
  }

  @Test
  void text_and_json_say_the_same() {
    assertThat(second.since(first).top(2).toText()).isEqualToNormalizingNewlines("""
                 bytes    instances  class
                   +80           +5  d.D
                   +32           +2  a.A
                  +112           +7  in all
        """);
    assertThat(first.top(1).toJson()).isEqualTo(
        "{\"difference\":false,\"instances\":10,\"bytes\":240,\"classes\":[{\"class\":\"b.B\",\"instances\":10,\"bytes\":240}]}");
    assertThat(snapshot(new ClassCount("odd\"\\\n", 1, 1)).toJson()).contains("\"class\":\"odd\\\"\\\\\\u000a\"");
  }

  @Test
  void bad_input_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> first.top(-1)).withMessage("count must be at least 0, but was -1");
    assertThatNullPointerException().isThrownBy(() -> first.since(null)).withMessage("earlier");
    assertThatNullPointerException().isThrownBy(() -> first.matching((Pattern) null)).withMessage("names");
    assertThatNullPointerException().isThrownBy(() -> first.find(null)).withMessage("className");
  }
}
