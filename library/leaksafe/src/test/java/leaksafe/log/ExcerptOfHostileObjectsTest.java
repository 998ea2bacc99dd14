package leaksafe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import leaksafe.testing.NamedModule;
import leaksafe.testing.Seeded;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Excerpts of objects that never end, change meanwhile, count what is asked of them, or throw wherever they can. */
class ExcerptOfHostileObjectsTest {

  /** A collection that counts what is asked of it, and whose elements have no end. */
  private static final class Endless extends AbstractCollection<Integer> {
    int asked;
    int given;
    int counted;

    @Override
    public Iterator<Integer> iterator() {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          asked++;
          return true;
        }

        @Override
        public Integer next() {
          return given++;
        }
      };
    }

    @Override
    public int size() {
      counted++;
      return Integer.MAX_VALUE;
    }
  }

  @Test
  void of_what_has_no_end_no_more_is_asked_for_than_is_printed() {
    Endless endless = new Endless();
    assertThat(Excerpt.of(endless)).startsWith("[0, 1, 2").endsWith("18, 19, ... " + (Integer.MAX_VALUE - 20) + " more]");
    assertThat(endless.given).isEqualTo(20);
    assertThat(endless.asked).as("one more, to see whether something is left out").isEqualTo(21);
    assertThat(endless.counted).isEqualTo(1);
    Endless bounded = new Endless();
    assertThat(Excerpt.USUAL.characters(30).elements(Integer.MAX_VALUE).text(bounded)).isEqualTo("[0, 1, 2, 3, 4, 5, 6, 7, 8,...");
    assertThat(bounded.given).isEqualTo(10);
    assertThat(bounded.counted).isZero();
    Endless full = new Endless();
    assertThat(Excerpt.USUAL.characters(29).elements(Integer.MAX_VALUE).text(full)).isEqualTo("[0, 1, 2, 3, 4, 5, 6, 7, 8...");
    assertThat(full.asked).as("whether there is more is not asked where there is no room").isEqualTo(10);
  }

  @Test
  void the_texts_that_are_asked_for_are_as_many_as_can_be_printed() {
    AtomicInteger asked = new AtomicInteger();
    Object leaf = new Object() {
      @Override
      public String toString() {
        asked.incrementAndGet();
        return "";
      }
    };
    Object tree = leaf;
    for (int depth = 0; depth < 4; depth++) {
      tree = new Object[] {tree, tree, tree, tree, tree, tree, tree, tree, tree, tree}; // 10,000 leaves
    }
    assertThat(Excerpt.of(tree)).hasSize(500).endsWith("...");
    assertThat(asked.get()).isBetween(200, 250); // each with a comma and a space after it
  }

  private record Described(Object description) {}

  /** An entry of which the value may be asked for. */
  private record Entry(Object getKey, AtomicInteger asked) implements Map.Entry<Object, Object> {
    @Override
    public Object getValue() {
      return asked.incrementAndGet();
    }

    @Override
    public Object setValue(Object value) {
      throw new UnsupportedOperationException();
    }
  }

  /** A record of which a component may be asked for. */
  private record Once(Object first, AtomicInteger asked) {
    @Override
    public AtomicInteger asked() {
      asked.incrementAndGet();
      return asked;
    }
  }

  @Test
  void what_has_no_room_any_more_is_not_asked_for_its_text_wherever_it_stands() {
    AtomicInteger asked = new AtomicInteger();
    Object unasked = new Object() {
      @Override
      public String toString() {
        return "asked " + asked.incrementAndGet();
      }
    };
    Excerpt sixteen = Excerpt.USUAL.characters(16);
    for (Object full : List.of(new Object[] {"x".repeat(13), unasked}, Arrays.asList("x".repeat(13), unasked), Map.of("x".repeat(14), unasked),
        Map.entry("x".repeat(15), unasked), new AtomicReference<>(unasked), new Described(unasked))) {
      assertThat(sixteen.text(full)).hasSize(16).endsWith("...");
      assertThat(asked).as(sixteen.text(full)).hasValue(0);
    }
    for (int length = 0; length < 4; length++) { // until there is room for the name of the second component, and not for more
      assertThat(sixteen.text(new Once("x".repeat(length), asked))).hasSize(16).endsWith("...");
    }
    assertThat(sixteen.text(new Entry("x".repeat(15), asked))).isEqualTo("x".repeat(13) + "...");
    assertThat(asked).as("nor is an accessor").hasValue(0);
  }

  /** A collection of two elements that fails at one place. */
  private static Collection<Object> failingAt(String place, Throwable thrown) {
    return new AbstractCollection<>() {
      @Override
      public Iterator<Object> iterator() {
        failAt("iterator");
        Iterator<Object> two = List.<Object>of(1, 2).iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            if (!two.hasNext()) {
              failAt("hasNext");
            }
            return two.hasNext();
          }

          @Override
          public Object next() {
            Object next = two.next();
            if (next.equals(2)) {
              failAt("next");
            }
            return next;
          }
        };
      }

      @Override
      public int size() {
        failAt("size");
        return 2;
      }

      private void failAt(String here) {
        if (here.equals(place)) {
          throw Throwing.raise(thrown);
        }
      }
    };
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_walk_that_fails_is_printed_as_far_as_it_came_and_what_stands_around_it_whole(Throwable thrown) {
    String failed = " (failed: " + thrown.getClass().getName() + ")";
    Collection<Object> unwalkable = failingAt("iterator", thrown);
    assertThat(Excerpt.of(List.of(unwalkable, 3))).isEqualTo("[" + unwalkable.getClass().getName() + failed + ", 3]");
    assertThat(Excerpt.of(List.of(failingAt("next", thrown), 3))).isEqualTo("[[1, " + failed + "], 3]");
    assertThat(Excerpt.of(List.of(failingAt("hasNext", thrown), 3))).isEqualTo("[[1, 2" + failed + "], 3]");
    assertThat(Excerpt.of(List.of(failingAt("size", thrown), 3))).isEqualTo("[[1, 2], 3]");
    assertThat(Excerpt.USUAL.elements(1).text(failingAt("size", thrown))).isEqualTo("[1, " + failed + "]");
    Map<Object, Object> map = new AbstractMap<>() {
      @Override
      public Set<Map.Entry<Object, Object>> entrySet() {
        throw Throwing.raise(thrown);
      }
    };
    assertThat(Excerpt.of(List.of(map, 3))).isEqualTo("[" + map.getClass().getName() + failed + ", 3]");
    Map.Entry<Object, Object> entry = new Map.Entry<>() {
      @Override
      public Object getKey() {
        return "key";
      }

      @Override
      public Object getValue() {
        throw Throwing.raise(thrown);
      }

      @Override
      public Object setValue(Object value) {
        throw new UnsupportedOperationException();
      }
    };
    assertThat(Excerpt.of(List.of(entry, 3))).isEqualTo("[key=" + failed + ", 3]");
    assertThat(Excerpt.of(new IdentityHashMap<>(Map.of(entry, 3)))).isEqualTo("{key=" + failed + "=3}");
  }

  @Test
  void what_follows_objects_that_cannot_be_walked_through_is_printed_as_deep_as_ever() {
    Throwable thrown = new IllegalStateException("on purpose");
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < Excerpt.DEPTH; i++) {
      all.add(failingAt("iterator", thrown));
    }
    all.add(List.of(List.of(1)));
    assertThat(Excerpt.USUAL.characters(1000).text(all)).endsWith("(failed: java.lang.IllegalStateException), [[1]]]");
  }

  private record Accessed(Throwable thrown, int other) {
    @Override
    public Throwable thrown() {
      throw Throwing.raise(thrown);
    }
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void a_component_of_a_record_that_fails_is_printed_as_failed(Throwable thrown) {
    assertThat(Excerpt.of(new Accessed(thrown, 2))).isEqualTo("Accessed[thrown= (failed: " + thrown.getClass().getName() + "), other=2]");
  }

  @Test
  void an_error_of_the_jvm_in_an_accessor_or_on_a_walk_is_not_hidden() {
    OutOfMemoryError error = new OutOfMemoryError("on purpose");
    assertThatThrownBy(() -> Excerpt.of(new Accessed(error, 2))).isSameAs(error);
    assertThatThrownBy(() -> Excerpt.of(failingAt("next", error))).isSameAs(error);
  }

  @Test
  void a_record_of_a_module_that_is_not_open_shows_the_names_of_its_components(@TempDir Path folder) throws Exception {
    Object program = NamedModule.program(folder, """
        package acme;
        public class Program implements java.util.function.Supplier<Object> {
          private record Secret(int number) {}
          public record Shown(int number, Object secret) {}
          @Override public Object get() { return new Shown(1, new Secret(2)); }
        }
        """);
    assertThat(Excerpt.of(((Supplier<?>) program).get())).isEqualTo("Shown[number=1, secret=Secret[number=?]]");
  }

  /** A class of which another is missing where it is used. */
  public static final class Mentioning {
    /** Never called. */
    public Missing missing() {
      return new Missing();
    }

    @Override
    public String toString() {
      return "its own text";
    }
  }

  /** A class that is there for the compiler alone. */
  public static final class Missing {}

  @Test
  void an_object_of_a_class_that_mentions_one_which_is_missing_is_printed_by_its_own_text() throws Exception {
    ClassLoader without = new ClassLoader(getClass().getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.equals(Missing.class.getName())) {
          throw new ClassNotFoundException(name);
        }
        if (!name.equals(Mentioning.class.getName())) {
          return super.loadClass(name, resolve);
        }
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
          byte[] bytes = in.readAllBytes();
          return defineClass(name, bytes, 0, bytes.length);
        } catch (java.io.IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    };
    Object mentioning = without.loadClass(Mentioning.class.getName()).getConstructor().newInstance();
    assertThatThrownBy(() -> mentioning.getClass().getMethods()).as("so that the test is one").isInstanceOf(NoClassDefFoundError.class);
    assertThat(Excerpt.of(mentioning)).isEqualTo("its own text");
  }

  /** Something that must not be asked for equality. */
  private static final class Incomparable {
    @Override
    public boolean equals(Object other) {
      throw new AssertionError("asked for equality");
    }

    @Override
    public int hashCode() {
      throw new AssertionError("asked for its hash code");
    }
  }

  /** A list that says it is equal to anything. */
  private static final class Equal extends ArrayList<Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean equals(Object other) {
      return true;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  @Test
  void an_object_within_one_that_is_equal_to_it_is_no_cycle() {
    Equal outer = new Equal();
    outer.add(new Equal());
    assertThat(Excerpt.of(outer)).isEqualTo("[[]]");
  }

  @Test
  void nobody_is_asked_for_equality_or_a_hash_code() {
    Incomparable incomparable = new Incomparable();
    String name = Incomparable.class.getName() + "@" + Integer.toHexString(System.identityHashCode(incomparable));
    assertThat(Excerpt.of(incomparable)).isEqualTo(name);
    Map<Object, Object> map = new IdentityHashMap<>();
    map.put(incomparable, List.of(incomparable));
    assertThat(Excerpt.of(map)).isEqualTo("{" + name + "=[" + name + "]}");
  }

  @Test
  void a_collection_that_changes_on_the_way_is_printed_as_far_as_it_came() {
    List<Object> growing = new ArrayList<>();
    growing.add(new Object() {
      @Override
      public String toString() {
        growing.add("more");
        return "first";
      }
    });
    growing.add("second");
    assertThat(Excerpt.of(List.of(growing, 3))).isEqualTo("[[first,  (failed: java.util.ConcurrentModificationException)], 3]");
  }

  @Test
  void a_text_that_never_comes_to_an_end_is_a_failure_and_the_rest_is_printed() {
    Object recursive = new Object() {
      @Override
      public String toString() {
        return "again " + this;
      }
    };
    assertThat(Excerpt.of(List.of(recursive, 2))).isEqualTo("[" + recursive.getClass().getName() + " (failed: java.lang.StackOverflowError), 2]");
    List<Object> around = new ArrayList<>();
    Excerpt.of(failingAt("next", new StackOverflowError())); // and its classes are there, whose loading would want stack, too
    around.add(new Object() {
      @Override
      public String toString() {
        return Excerpt.of(around);
      }
    });
    assertThat(Excerpt.of(around)).hasSize(500).startsWith("[[[[[").endsWith("...");
  }

  @Test
  void a_text_that_is_null_or_far_too_long_is_printed() {
    AtomicInteger length = new AtomicInteger();
    Object texts = Arrays.asList(new Object() {
      @Override
      public String toString() {
        return null;
      }
    }, new Object() {
      @Override
      public String toString() {
        return "x".repeat(length.get());
      }
    });
    assertThat(Excerpt.of(texts)).isEqualTo("[null, ]");
    length.set(10_000_000);
    assertThat(Excerpt.of(texts)).hasSize(500).startsWith("[null, xxx").endsWith("xxx...");
    Object proxy = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Runnable.class}, (self, method, arguments) -> {
      throw new java.io.IOException("on purpose");
    });
    assertThat(Excerpt.of(List.of(proxy))).isEqualTo("[" + proxy.getClass().getName() + " (failed: java.lang.reflect.UndeclaredThrowableException)]");
  }

  /** A text of a user's class, of any length, that says how much of it was asked for. */
  private record Letters(int length, AtomicInteger asked) implements CharSequence {
    @Override
    public char charAt(int index) {
      return 'x';
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      asked.set(end - start);
      return "x".repeat(end - start);
    }
  }

  @Test
  void of_a_text_of_another_kind_no_more_is_copied_than_is_printed() {
    AtomicInteger asked = new AtomicInteger();
    assertThat(Excerpt.of(new Letters(Integer.MAX_VALUE, asked))).hasSize(500).endsWith("...");
    assertThat(asked).hasValue(501);
    assertThat(Excerpt.of(new Letters(500, asked))).isEqualTo("x".repeat(500));
    assertThat(Excerpt.of(new Letters(0, asked))).isEmpty();
    assertThat(Excerpt.USUAL.characters(Integer.MAX_VALUE).text(CharBuffer.wrap("no limit"))).isEqualTo("no limit");
  }

  /** An element of a queue that is copied for its iterators. */
  private record Due(int number) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return number;
    }

    @Override
    public int compareTo(Delayed other) {
      return Integer.compare(number, ((Due) other).number);
    }
  }

  @Test
  void queues_that_would_be_copied_to_be_walked_through_are_counted() {
    PriorityBlockingQueue<Due> queue = new PriorityBlockingQueue<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public Object[] toArray() {
        throw new AssertionError("copied");
      }
    };
    DelayQueue<Due> delayed = new DelayQueue<>();
    assertThat(Excerpt.of(List.of(queue, delayed))).isEqualTo("[[], []]");
    IntStream.range(0, 30).mapToObj(Due::new).forEach(due -> {
      queue.add(due);
      delayed.add(due);
    });
    assertThat(Excerpt.of(List.of(queue, delayed))).isEqualTo("[[... 30 more], [... 30 more]]");
    assertThat(Excerpt.USUAL.withoutUserCode().text(delayed)).isEqualTo("[... 30 more]");
  }

  @Test
  void neither_a_surrogate_pair_nor_an_escape_is_cut_in_two() {
    String[] pieces = {"a", "\n", "\t", "\u0007", "\u2028", "\uD83D\uDE00"};
    Seeded.check(300, random -> {
      List<String> text = random.ints(60, 0, pieces.length).mapToObj(i -> pieces[i]).toList();
      int limit = 16 + random.nextInt(40);
      assertThat(Excerpt.USUAL.characters(limit).text(String.join("", text))).isEqualTo(cutBetween(text, limit));
    });
  }

  /** Returns as many whole pieces as fit in front of the mark, each printed for itself. */
  private static String cutBetween(List<String> pieces, int limit) {
    StringBuilder expected = new StringBuilder();
    for (String piece : pieces) {
      String printed = Excerpt.of(piece);
      if (expected.length() + printed.length() > limit - 3) {
        break;
      }
      expected.append(printed);
    }
    return expected + "...";
  }
}
