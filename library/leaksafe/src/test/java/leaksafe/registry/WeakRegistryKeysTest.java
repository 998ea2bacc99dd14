package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What can be a key, and where its values live. */
class WeakRegistryKeysTest {
  private final WeakRegistry<Object, Object> registry = KeyKind.builder().name("tested").build();

  @Test
  void the_key_decides_where_its_value_lives() {
    for (KeyKind kind : KeyKind.values()) {
      assertThat(registry.livesInKey(kind.key())).as(kind.name()).isEqualTo(kind.livesInKey);
    }
    assertThat(registry.livesInKey(String.class)).isFalse();
    assertThat(registry.livesInKey(ClassLoader.getPlatformClassLoader())).isFalse();
  }

  @Test
  void classes_that_outlive_the_library_are_keys_like_others_and_their_values_may_refer_to_them() {
    registry.put(String.class, List.of(String.class));
    registry.put(ClassLoader.getPlatformClassLoader(), List.of(ClassLoader.getPlatformClassLoader()));
    assertThat(registry.get(String.class)).isEqualTo(List.of(String.class));
    assertThat(registry.get(Integer.class)).isNull();
  }

  @Test
  void keys_for_which_a_weak_map_is_a_mistake_are_refused_with_the_reason() throws Exception {
    record Point(int x) {}
    Method method = Object.class.getMethod("toString");
    Map<Object, String> reasons = new IdentityHashMap<>();
    reasons.put("text", "a java.lang.String cannot be held weakly: equal strings are different objects");
    reasons.put(5, "a java.lang.Integer cannot be held weakly: small ones are shared by the whole JVM");
    reasons.put('c', "a java.lang.Character cannot be held weakly: small ones are shared");
    reasons.put(2.5, "a java.lang.Double cannot be held weakly: small ones are shared");
    reasons.put(new Point(1), "Point cannot be held weakly: a record is what its components are");
    reasons.put(TimeUnit.DAYS, "a java.util.concurrent.TimeUnit cannot be held weakly: enum constants are never collected");
    reasons.put(CyclePolicy.WARN, "use an EnumMap");
    reasons.put(method, "a java.lang.reflect.Method cannot be held weakly: every look-up by reflection returns a fresh copy");
    reasons.put(Instant.EPOCH, "a java.time.Instant cannot be held weakly: it is of a value-based class");
    String captured = method.getName();
    Runnable plain = () -> { };
    Runnable capturing = () -> captured.length();
    Runnable reference = captured::length;
    reasons.put(plain, "cannot be held weakly: a lambda that captures nothing is kept by the line that makes it, so the entry would never go; use the "
        + "object that the entry is to live as long as, such as the owner of the lambda");
    reasons.put(capturing, "cannot be held weakly: a lambda is made anew each time its line runs and often held by nobody else, so the entry may be "
        + "lost at once; use the object");
    reasons.put(reference, "a lambda is made anew each time");
    reasons.put(Optional.of(1), "value-based");
    reasons.put(List.of(1), "value-based");
    reasons.forEach((key, reason) -> {
      assertThatThrownBy(() -> registry.put(key, "v")).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("tested: ")
          .hasMessageContaining(reason).hasMessageNotContaining("/");
      assertThatThrownBy(() -> registry.putIfAbsent(key, "v")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> {
        throw new AssertionError("run for nothing");
      })).isInstanceOf(IllegalArgumentException.class);
      assertThat(registry.get(key)).isNull();
    });
    assertThat(registry.estimatedSize()).isZero();
  }

  @Test
  void constants_of_enums_with_bodies_are_refused_too() {
    enum WithBody {
      ONE {
        @Override
        public String toString() {
          return "one";
        }
      }
    }
    assertThatThrownBy(() -> registry.put(WithBody.ONE, 1)).hasMessageContaining("enum constants are never collected");
  }

  @Test
  void a_record_that_is_attachable_is_accepted() {
    record Session(Attachments attachments) implements Attachable {}
    Session key = new Session(new Attachments());
    registry.put(key, List.of(key));
    assertThat(registry.get(key)).isEqualTo(List.of(key));
  }

  @Test
  void a_key_without_its_attachments_is_told_so() {
    Attachable careless = () -> null;
    assertThatThrownBy(() -> registry.put(careless, 1)).isInstanceOf(NullPointerException.class)
        .hasMessageMatching("attachments\\(\\) of a .*WeakRegistryKeysTest.* returned null, must return its Attachments");
  }

  @Test
  void a_key_that_shares_its_attachments_with_another_is_told_so() {
    Attachments shared = new Attachments();
    Attachable first = () -> shared;
    Attachable second = () -> shared;
    registry.put(first, 1);
    assertThatThrownBy(() -> registry.put(second, 1)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("each object needs a field of its own");
    assertThatThrownBy(() -> registry.get(second)).isInstanceOf(IllegalStateException.class);
    assertThat(registry.get(first)).isEqualTo(1);
  }

  @Test
  void a_host_is_named_once_for_a_type() {
    assertThatThrownBy(() -> KeyKind.builder().host(KeyKind.Foreign.class, Host.<Object>of(k -> null, (k, a) -> {})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("host for leaksafe.registry.KeyKind$Foreign must be named once, but was named before");
  }

  @Test
  void a_host_that_does_not_keep_what_it_is_given_is_told_so() {
    WeakRegistry<Object, Object> hosted =
        WeakRegistry.<Object, Object>builder().host(KeyKind.Plain.class, Host.<Object>of(k -> null, (k, a) -> {})).build();
    Object key = new KeyKind.Plain();
    assertThatThrownBy(() -> hosted.put(key, 1)).isInstanceOf(IllegalStateException.class)
        .hasMessage("the host of a leaksafe.registry.KeyKind$Plain does not read what it wrote: both must use the same place, "
            + "and the key must keep it");
    assertThat(hosted.get(key)).isNull();
  }

  @Test
  void a_host_whose_place_is_used_by_others_is_told_so() {
    KeyKind.Foreign key = new KeyKind.Foreign();
    key.attributes.put("place", "something else");
    assertThatThrownBy(() -> registry.put(key, 1)).isInstanceOf(IllegalStateException.class)
        .hasMessage("the host of a leaksafe.registry.KeyKind$Foreign read a java.lang.String, must be Attachments or null: "
            + "is its place used by something else?");
  }

  @Test
  void a_host_is_written_once_by_threads_that_come_at_once() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 200; round++) {
        AtomicInteger writes = new AtomicInteger();
        WeakRegistry<Object, Object> hosted = WeakRegistry.<Object, Object>builder()
            .host(KeyKind.Foreign.class, Host.of(key -> key.attributes.get("place"), (key, a) -> {
              writes.incrementAndGet();
              key.attributes.put("place", a);
            })).build();
        KeyKind.Foreign key = new KeyKind.Foreign();
        CyclicBarrier start = new CyclicBarrier(4);
        List<Callable<Object>> tasks = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          Object value = t;
          tasks.add(() -> {
            start.await();
            return hosted.putIfAbsent(key, value);
          });
        }
        int stored = 0;
        for (Future<Object> before : threads.invokeAll(tasks)) {
          stored += before.get() == null ? 1 : 0;
        }
        assertThat(writes).hasValue(1);
        assertThat(stored).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
