package leaksafe.junit;

import static leaksafe.junit.LeakAssertions.assertCollected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import leaksafe.cache.Cache;
import org.junit.jupiter.api.Test;

class LeakAssertionsTest {
  private static final List<Object> LEAK = new ArrayList<>();

  @Test
  void what_nobody_holds_is_collected() {
    assertCollected(Object::new);
    assertCollected(() -> Cache.<String, String>builder().maximumSize(1).build());
  }

  @Test
  void what_a_static_list_holds_fails_with_its_class_and_the_chain() {
    StringBuilder held = new StringBuilder("held");
    LEAK.add(held);
    assertThatThrownBy(() -> assertCollected(new WeakReference<>(held), Duration.ofMillis(100)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("java.lang.StringBuilder must be collected, but is still held after 100 ms")
        .hasMessageContaining("class leaksafe.junit.LeakAssertionsTest").hasMessageContaining("LEAK: java.util.ArrayList")
        .hasMessageNotContaining("Marked");
    LEAK.remove(held);
  }

  @Test
  void an_array_is_named_as_java_writes_it() {
    byte[] held = new byte[1];
    assertThatThrownBy(() -> assertCollected(new WeakReference<>(held), Duration.ofMillis(1)))
        .hasMessageContaining("an object of byte[] must be collected");
    Reference.reachabilityFence(held);
  }

  @Test
  void wrong_use_is_refused() {
    assertThatThrownBy(() -> assertCollected(() -> null)).isInstanceOf(NullPointerException.class).hasMessage("the maker made null");
    assertThatThrownBy(() -> assertCollected(new WeakReference<>(""), Duration.ZERO)).hasMessage("within must be positive, but was PT0S");
    assertThatThrownBy(() -> new FakeTicker().advance(Duration.ofSeconds(-1)))
        .hasMessage("duration must not be negative, but was PT-1S: time does not go back");
  }

  @Test
  void a_fake_ticker_moves_a_cache_through_its_lifetime() {
    FakeTicker ticker = new FakeTicker();
    Cache<String, String> cache = Cache.<String, String>builder().expireAfterWrite(Duration.ofMinutes(1)).ticker(ticker).build();
    cache.put("key", "value");
    ticker.advance(Duration.ofSeconds(59));
    assertThat(cache.getIfPresent("key")).isEqualTo("value");
    ticker.advance(Duration.ofSeconds(1));
    assertThat(cache.getIfPresent("key")).isNull();
  }
}
