package leaksafe.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What an excerpt without user code calls: nothing of a user's. */
class ExcerptWithoutUserCodeTest {
  private static final AtomicInteger CALLS = new AtomicInteger();

  private record Point(int x, Object y) {}

  private static final class Counted {
    @Override
    public String toString() {
      return "counted" + CALLS.incrementAndGet();
    }
  }

  @Test
  void no_user_code_is_called() {
    CALLS.set(0);
    Excerpt careful = Excerpt.USUAL.withoutUserCode();
    assertThat(careful.text(new Counted())).startsWith(Counted.class.getName() + "@");
    assertThat(careful.text(List.of(new Counted(), 1))).startsWith("[" + Counted.class.getName() + "@").endsWith(", 1]");
    assertThat(careful.text(new Point(1, 2))).startsWith(Point.class.getName() + "@");
    assertThat(CALLS).hasValue(0);
  }

  @Test
  void nothing_behind_a_wrapper_or_view_of_the_jdk_is_called() {
    AtomicInteger entered = new AtomicInteger();
    List<Integer> users = new AbstractList<>() {
      @Override
      public Integer get(int index) {
        return entered.incrementAndGet();
      }

      @Override
      public int size() {
        return entered.incrementAndGet();
      }
    };
    Comparator<Integer> comparator = (a, b) -> {
      entered.incrementAndGet();
      return Integer.compare(a, b);
    };
    TreeMap<Integer, Integer> sorted = new TreeMap<>(comparator);
    sorted.putAll(Map.of(1, 1, 2, 2, 3, 3));
    ConcurrentSkipListSet<Integer> skipping = new ConcurrentSkipListSet<>(comparator);
    skipping.addAll(List.of(1, 2, 3));
    BigInteger number = new BigInteger("7") {
      @Override
      public int bitLength() {
        return entered.incrementAndGet();
      }
    };
    CharSequence text = CharBuffer.wrap("text"); // the same class stands before any sequence
    Object proxy = Proxy.newProxyInstance(null, new Class<?>[] {Comparable.class}, (self, method, arguments) -> "called " + entered.incrementAndGet());
    List<Object> fronts = List.of(Collections.unmodifiableList(users), Collections.synchronizedList(users), Collections.checkedList(users, Integer.class),
        Collections.unmodifiableCollection(users), users.subList(0, 0), sorted.subMap(1, 3), sorted.subMap(1, 3).keySet(),
        sorted.navigableKeySet().subSet(1, 3), skipping.subSet(1, 3), new ConcurrentHashMap<>(sorted).keySet(),
        number, text, proxy, Collections.unmodifiableMap(sorted).entrySet().iterator().next());
    entered.set(0);
    for (Object front : fronts) {
      assertThat(Excerpt.USUAL.withoutUserCode().text(front)).startsWith(front.getClass().getName() + "@");
    }
    assertThat(entered).hasValue(0);
    assertThat(Excerpt.USUAL.withoutUserCode().text(List.of(new ArrayList<>(List.of(1)), Arrays.asList(2), new TreeMap<>(sorted), Set.of(4),
        Collections.emptyList(), Collections.singleton(5), EnumSet.of(TimeUnit.DAYS), new HashMap<>(Map.of(6, 7)))))
        .isEqualTo("[[1], [2], {1=1, 2=2, 3=3}, [4], [], [5], [DAYS], {6=7}]");
  }

  @Test
  void no_element_is_made_that_a_list_makes_when_it_is_asked_for() throws Exception {
    Class<?> stable; // in some JDKs, and a preview there
    try {
      stable = Class.forName("java.lang.StableValue");
    } catch (ClassNotFoundException e) {
      Assumptions.abort("no such list in this JDK");
      return;
    }
    AtomicInteger made = new AtomicInteger();
    Object list = stable.getMethod("list", int.class, IntFunction.class).invoke(null, 3, (IntFunction<Integer>) i -> made.incrementAndGet());
    assertThat(Excerpt.USUAL.withoutUserCode().text(list)).startsWith(list.getClass().getName() + "@");
    assertThat(made).hasValue(0);
  }

  @Test
  void a_throwable_of_a_user_is_not_asked_for_its_message() {
    CALLS.set(0);
    Throwable thrown = new RuntimeException() {
      private static final long serialVersionUID = 1L;

      @Override
      public String getMessage() {
        return "message " + CALLS.incrementAndGet();
      }
    };
    assertThat(Excerpt.USUAL.withoutUserCode().text(List.of(thrown, new IllegalStateException("of the JDK"))))
        .isEqualTo("[" + thrown.getClass().getName() + ", java.lang.IllegalStateException: of the JDK]");
    assertThat(CALLS).hasValue(0);
  }

  @Test
  void a_reversed_view_of_a_users_list_is_not_walked_through() throws Exception {
    CALLS.set(0);
    List<Object> users = new AbstractList<>() {
      @Override
      public Object get(int index) {
        return CALLS.incrementAndGet();
      }

      @Override
      public int size() {
        return CALLS.incrementAndGet();
      }
    };
    Object reversed; // from JDK 21 on
    try {
      reversed = List.class.getMethod("reversed").invoke(users);
    } catch (NoSuchMethodException e) {
      Assumptions.abort("no such view in this JDK");
      return;
    }
    CALLS.set(0);
    assertThat(Excerpt.USUAL.withoutUserCode().text(reversed)).startsWith(reversed.getClass().getName() + "@");
    assertThat(CALLS).hasValue(0);
  }
}
