package leaksafe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.EventObject;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import leaksafe.testing.Seeded;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExcerptTest {
  private static final AtomicInteger CALLS = new AtomicInteger();

  private enum Color {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "as green as grass";
      }
    },
    BLUE {
      @Override
      public String toString() {
        throw new IllegalStateException("fails on purpose");
      }
    }
  }

  private record Point(int x, Object y) {}

  private static final class Plain {}

  private static final class Counted {
    @Override
    public String toString() {
      return "counted" + CALLS.incrementAndGet();
    }
  }

  private static final class Failing {
    @Override
    public String toString() {
      throw new IllegalStateException("fails on purpose");
    }
  }

  @Test
  void plain_values_are_printed_as_they_are() {
    assertThat(Excerpt.of(null)).isEqualTo("null");
    assertThat(Excerpt.of("text")).isEqualTo("text");
    assertThat(Excerpt.of(42)).isEqualTo("42");
    assertThat(Excerpt.of(Color.RED)).isEqualTo("RED");
    assertThat(Excerpt.of(Duration.ofSeconds(1))).isEqualTo("PT1S");
    assertThat(Excerpt.of(new StringBuilder("b"))).isEqualTo("b");
    assertThat(Excerpt.of(new BigDecimal("1.5"))).isEqualTo("1.5");
    assertThat(Excerpt.of(new Plain())).startsWith(Plain.class.getName() + "@");
    assertThat(Excerpt.of(new IllegalStateException("x"))).isEqualTo("java.lang.IllegalStateException: x");
    assertThat(Excerpt.of(new WeakReference<>(new Counted()))).startsWith("java.lang.ref.WeakReference@");
  }

  @Test
  void constants_of_enums_are_printed_by_their_own_text_or_without_user_code_by_their_names() {
    assertThat(Excerpt.of(Color.values()))
        .isEqualTo("[RED, as green as grass, " + Color.BLUE.getClass().getName() + " (failed: java.lang.IllegalStateException)]");
    assertThat(Excerpt.USUAL.withoutUserCode().text(Color.values())).isEqualTo("[RED, GREEN, BLUE]");
  }

  @Test
  void a_throwable_whose_message_has_no_room_is_not_asked_for_it_and_the_text_ends_with_the_mark() {
    Throwable thrown = new RuntimeException() {
      private static final long serialVersionUID = 1L;

      @Override
      public String getMessage() {
        return "message " + CALLS.incrementAndGet();
      }
    };
    CALLS.set(0);
    String name = thrown.getClass().getName();
    assertThat(Excerpt.USUAL.characters(name.length()).text(thrown)).isEqualTo(name.substring(0, name.length() - 3) + "...");
    assertThat(CALLS).hasValue(0);
    assertThat(Excerpt.USUAL.characters(name.length() + 1).text(thrown)).isEqualTo(name.substring(0, name.length() - 2) + "...");
  }

  @Test
  void pieces_are_printed_one_by_one() {
    assertThat(Excerpt.of(List.of(1, "two", List.of(3)))).isEqualTo("[1, two, [3]]");
    assertThat(Excerpt.of(new int[] {1, 2})).isEqualTo("[1, 2]");
    assertThat(Excerpt.of(new Object[] {null, new String[] {"a"}})).isEqualTo("[null, [a]]");
    assertThat(Excerpt.of(Map.of("k", new Point(1, Optional.of("v"))))).isEqualTo("{k=Point[x=1, y=Optional[v]]}");
    assertThat(Excerpt.of(Map.entry(1, 2))).isEqualTo("1=2");
    assertThat(Excerpt.of(new AtomicReference<>("r"))).isEqualTo("AtomicReference[r]");
    assertThat(Excerpt.of(Optional.empty())).isEqualTo("Optional[null]");
  }

  @Test
  void cycles_end() {
    List<Object> list = new ArrayList<>();
    list.add(1);
    list.add(list);
    assertThat(Excerpt.of(list)).isEqualTo("[1, (cycle)]");
    Object[] array = new Object[1];
    array[0] = Map.of("a", array);
    assertThat(Excerpt.of(array)).isEqualTo("[{a=(cycle)}]");
    AtomicReference<Object> reference = new AtomicReference<>();
    reference.set(reference);
    assertThat(Excerpt.of(reference)).isEqualTo("AtomicReference[(cycle)]");
  }

  @Test
  void huge_things_are_cut_cleanly() {
    assertThat(Excerpt.of("x".repeat(1_000_000))).hasSize(500).endsWith("xxx...");
    assertThat(Excerpt.of(Collections.nCopies(1_000_000, 7))).isEqualTo("[" + "7, ".repeat(20) + "... 999980 more]");
    assertThat(Excerpt.of(new byte[1_000_000])).isEqualTo("[" + "0, ".repeat(20) + "... 999980 more]");
    assertThat(Excerpt.of(BigInteger.ONE.shiftLeft(1_000_000))).isEqualTo("a BigInteger of 1000001 bits");
    assertThat(Excerpt.of(List.of(List.of(List.of(List.of(List.of(1))))))).isEqualTo("[[[[List12(...)]]]]");
    assertThat(Excerpt.USUAL.characters(16).text("\uD83D\uDE00".repeat(100))).isEqualTo("\uD83D\uDE00".repeat(6) + "...");
    assertThat(Excerpt.USUAL.elements(0).text(List.of(1))).isEqualTo("[... 1 more]");
  }

  @Test
  void text_stays_on_one_line() {
    assertThat(Excerpt.of("a\nb\r\tc\u0000\u2028")).isEqualTo("a\\nb\\r\\tc\\u0000\\u2028");
  }

  @Test
  void nothing_is_called_on_what_is_not_printed() {
    CALLS.set(0);
    List<Object> list = new ArrayList<>(List.of("x".repeat(600)));
    for (int i = 0; i < 100; i++) {
      list.add(new Counted());
    }
    Excerpt.of(list);
    assertThat(CALLS).hasValue(0);
    Excerpt.of(Collections.nCopies(1000, new Counted()));
    assertThat(CALLS).hasValue(20);
  }

  @Test
  void what_fails_is_printed_as_failed() {
    assertThat(Excerpt.of(List.of(1, new Failing(), 2))).isEqualTo("[1, " + Failing.class.getName()
        + " (failed: java.lang.IllegalStateException), 2]");
    List<Object> changing = new AbstractList<>() {
      @Override
      public Object get(int index) {
        throw new java.util.ConcurrentModificationException();
      }

      @Override
      public int size() {
        return 3;
      }
    };
    assertThat(Excerpt.of(changing)).startsWith("[ (failed: java.util.ConcurrentModificationException");
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void whatever_an_object_throws_is_printed_as_failed(Throwable thrown) {
    Object failing = new Object() {
      @Override
      public String toString() {
        throw Throwing.raise(thrown);
      }
    };
    assertThat(Excerpt.of(Arrays.asList(1, failing, 2))).isEqualTo("[1, " + failing.getClass().getName()
        + " (failed: " + thrown.getClass().getName() + "), 2]");
  }

  @Test
  void an_error_of_the_jvm_is_not_hidden() {
    OutOfMemoryError error = new OutOfMemoryError("on purpose");
    Object failing = new Object() {
      @Override
      public String toString() {
        throw error;
      }
    };
    assertThatThrownBy(() -> Excerpt.of(List.of(failing))).isSameAs(error);
  }

  @Test
  void elements_are_counted_only_where_some_are_left_out_and_it_takes_no_walk_through_all() {
    List<Integer> thirty = Collections.nCopies(30, 7);
    String twenty = "[" + "7, ".repeat(20) + "...";
    for (Collection<Integer> linked : List.of(new ConcurrentLinkedQueue<>(thirty), new ConcurrentLinkedDeque<>(thirty), new LinkedTransferQueue<>(thirty))) {
      assertThat(Excerpt.of(linked)).isEqualTo(twenty + "]");
    }
    assertThat(Excerpt.of(new ArrayDeque<>(thirty))).isEqualTo(twenty + " 10 more]");
    TreeMap<Integer, Integer> numbers = new TreeMap<>();
    IntStream.range(0, 30).forEach(i -> numbers.put(i, i));
    assertThat(Excerpt.of(numbers)).endsWith("19=19, ... 10 more}");
    for (Object range : List.of(numbers.tailMap(1), new ConcurrentSkipListMap<>(numbers).tailMap(1))) {
      assertThat(Excerpt.of(range)).endsWith("20=20, ...}");
    }
    for (Object range : List.of(numbers.tailMap(1).keySet(), new TreeSet<>(numbers.keySet()).tailSet(1),
        new ConcurrentSkipListSet<>(numbers.keySet()).tailSet(1))) {
      assertThat(Excerpt.of(range)).endsWith("20, ...]");
    }
    List<Integer> uncounted = new ArrayList<>(List.of(1, 2)) {
      private static final long serialVersionUID = 1L;

      @Override
      public int size() {
        throw new AssertionError("nobody needs to know");
      }
    };
    assertThat(Excerpt.of(uncounted)).isEqualTo("[1, 2]");
  }

  @Test
  void whatever_the_object_the_text_is_bounded() {
    Seeded.check(300, random -> {
      int limit = 16 + random.nextInt(100);
      String text = Excerpt.USUAL.characters(limit).elements(random.nextInt(5)).depth(1 + random.nextInt(5)).text(anything(random, 6));
      assertThat(text.length()).isLessThanOrEqualTo(limit);
      assertThat(text.chars()).noneMatch(Character::isISOControl);
    });
  }

  @Test
  void whatever_the_object_the_text_within_a_limit_is_the_beginning_of_the_whole() {
    Seeded.check(1000, random -> {
      Excerpt excerpt = Excerpt.USUAL.elements(random.nextInt(5)).depth(1 + random.nextInt(5));
      Object object = anything(random, 5);
      String whole = excerpt.characters(1_000_000).text(object);
      for (int limit = 16; limit < Math.min(whole.length(), 200); limit += 1 + random.nextInt(10)) {
        String text = excerpt.characters(limit).text(object);
        assertThat(text).endsWith("...");
        String beginning = text.substring(0, text.length() - 3);
        assertThat(whole).startsWith(beginning);
        assertThat(text.length()).as(text).isBetween(limit - 6, limit); // an escape is six characters long
      }
      assertThat(excerpt.characters(Math.max(16, whole.length() + 1)).text(object)).isEqualTo(whole);
    });
  }

  private static Object anything(Random random, int depth) {
    int kind = random.nextInt(depth == 0 ? 7 : 13);
    return switch (kind) {
      case 0 -> "text\n".repeat(random.nextInt(10));
      case 1 -> random.nextInt();
      case 2 -> new Failing();
      case 3 -> new int[random.nextInt(100)];
      case 4 -> "\uD83D\uDE00\uD83D".repeat(random.nextInt(10)); // and halves of pairs
      case 5 -> new IllegalStateException(random.nextBoolean() ? null : "message\u0007");
      case 6 -> Color.values();
      case 7 -> new Point(1, anything(random, depth - 1));
      case 8 -> new Object[] {anything(random, depth - 1), anything(random, depth - 1)};
      case 9 -> new LinkedHashMap<>(Map.of(anything(random, depth - 1), anything(random, depth - 1)));
      case 10 -> Optional.of(anything(random, depth - 1));
      case 11 -> Map.entry(anything(random, depth - 1), new AtomicReference<>(anything(random, depth - 1)));
      default -> new ArrayList<>(Collections.nCopies(random.nextInt(30), anything(random, depth - 1)));
    };
  }

  @Test
  void each_limit_leaves_the_others_as_they_are() {
    Object object = List.of(List.of(List.of(1)), 2, "x".repeat(100));
    Excerpt each = Excerpt.USUAL.characters(20).depth(1).elements(2);
    assertThat(each.text(object)).isEqualTo(Excerpt.USUAL.elements(2).characters(20).depth(1).text(object))
        .isEqualTo(Excerpt.USUAL.depth(1).elements(2).characters(20).text(object)).startsWith("[List12(...), 2,");
    assertThat(Excerpt.USUAL.depth(1).elements(2).text(object)).isEqualTo("[List12(...), 2, ... 1 more]");
    String careful = Excerpt.USUAL.withoutUserCode().depth(1).elements(1).characters(100).text(List.of(new Counted(), 2));
    assertThat(careful).startsWith("[" + Counted.class.getName() + "@").endsWith(", ... 1 more]");
    assertThat(Excerpt.USUAL.depth(1).elements(1).characters(16).withoutUserCode().text(object)).isEqualTo("[List12(...),...");
    assertThat(Excerpt.USUAL.elements(1).text(new Point(1, 2))).isEqualTo("Point[x=1, ... 1 more]");
    assertThat(Excerpt.USUAL.elements(2).text(new Point(1, 2))).isEqualTo("Point[x=1, y=2]");
  }

  @Test
  void numbers_of_up_to_4096_bits_are_printed() {
    BigInteger largest = BigInteger.ONE.shiftLeft(4095);
    assertThat(Excerpt.USUAL.characters(2000).text(List.of(largest, largest.shiftLeft(1)))).isEqualTo("[" + largest + ", a BigInteger of 4097 bits]");
  }

  /** A task that says what it is for. */
  private static final class Task extends FutureTask<Object> {
    Task() {
      super(() -> null);
    }

    @Override
    public String toString() {
      return "a task of ours";
    }
  }

  /** A reference that says what it refers to, and so makes that live longer. */
  private static final class Looking extends WeakReference<Object> {
    Looking(Object referent) {
      super(referent);
    }

    @Override
    public String toString() {
      return "to " + get();
    }
  }

  @Test
  void a_users_text_counts_where_the_jdks_does_not_but_for_references() {
    assertThat(Excerpt.of(new Task())).isEqualTo("a task of ours");
    assertThat(Excerpt.of(new Looking("referent"))).startsWith(Looking.class.getName() + "@");
  }

  @Test
  void bad_limits_are_refused_with_what_would_be_right() {
    assertThatThrownBy(() -> Excerpt.USUAL.characters(15)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("characters must be at least 16, but was 15");
    assertThatThrownBy(() -> Excerpt.USUAL.elements(-1)).hasMessage("elements must be at least 0, but was -1");
    assertThatThrownBy(() -> Excerpt.USUAL.depth(0)).hasMessage("depth must be at least 1, but was 0");
    assertThatThrownBy(() -> Excerpt.USUAL.depth(101)).hasMessage("depth must be at most 100, but was 101");
  }

  private static Matcher matched() {
    Matcher matcher = Pattern.compile("x*").matcher("x".repeat(1_000_000));
    assertThat(matcher.find()).isTrue();
    return matcher;
  }

  @Test
  void what_the_jdk_would_print_whole_or_with_other_objects_texts_is_named_only() {
    Counted held = new Counted();
    BitSet bits = new BitSet();
    bits.set(0, 10_000_000);
    FutureTask<Object> task = new FutureTask<>(new Callable<>() {
      @Override
      public Object call() {
        return held;
      }

      @Override
      public String toString() {
        return held.toString();
      }
    });
    int before = CALLS.get();
    for (Object holder : List.of(bits, task, new AtomicReferenceArray<>(new Object[] {held}), new AtomicIntegerArray(1_000_000),
        new AtomicLongArray(1_000_000), new EventObject(held), new StringJoiner(","), new Formatter(), matched(), new StringWriter(),
        new ByteArrayOutputStream())) {
      String expected = holder.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(holder));
      assertThat(Excerpt.of(holder)).isEqualTo(expected);
      assertThat(Excerpt.USUAL.withoutUserCode().text(holder)).isEqualTo(expected);
    }
    assertThat(CALLS).hasValue(before);
  }
}
