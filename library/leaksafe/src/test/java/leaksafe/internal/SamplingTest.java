package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import leaksafe.Leak;
import leaksafe.pool.Pool;
import leaksafe.resource.OpenGroup;
import leaksafe.resource.Tracked;
import leaksafe.resource.Tracker;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private final String before = System.getProperty(Sampling.PROPERTY);

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(Sampling.PROPERTY);
    } else {
      System.setProperty(Sampling.PROPERTY, before);
    }
  }

  @Test
  void the_last_one_who_wants_all_sites_ends_it_and_closing_twice_is_harmless() {
    Sampling.All one = Sampling.captureAll();
    Sampling.All two = Sampling.captureAll();
    one.close();
    one.close();
    assertThat(Sampling.capturesAll()).isTrue();
    two.close();
    assertThat(Sampling.capturesAll()).isFalse();
  }

  @Test
  void the_usual_rate_is_that_of_the_property_or_128() {
    System.clearProperty(Sampling.PROPERTY);
    assertThat(Sampling.usual()).isEqualTo(128);
    System.setProperty(Sampling.PROPERTY, " 7 ");
    assertThat(Sampling.usual()).isEqualTo(7);
    System.setProperty(Sampling.PROPERTY, "-1");
    assertThatThrownBy(Sampling::usual).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the system property leaksafe.sampling must be at least 0 (1 for all call sites, 0 for none), but was -1");
    System.setProperty(Sampling.PROPERTY, "often");
    assertThatThrownBy(() -> Pool.builder(Object::new).size(0, 1).build()).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the system property leaksafe.sampling must be a number from 0 (1 for all call sites), but was 'often'");
  }

  @Test
  void a_tracker_that_exists_already_captures_every_site_while_that_is_wanted() {
    Tracker<Object> tracker = Tracker.builder("sampling").sampleSites(0).build();
    Object resource = new Object();
    try (Sampling.All all = Sampling.captureAll(); Tracked tracked = tracker.track(resource)) {
      assertThat(all).isNotNull();
      assertThat(tracker.openGroups()).extracting(OpenGroup::site).singleElement().asString().contains("SamplingTest.java");
      assertThat(tracked.isOpen()).isTrue();
    }
    try (Tracked tracked = tracker.track(resource)) {
      assertThat(tracker.openGroups()).extracting(OpenGroup::site).containsExactly(Leak.NOT_SAMPLED);
      assertThat(tracked.isOpen()).isTrue();
    }
  }

  @Test
  void a_pool_that_exists_already_captures_every_site_while_that_is_wanted() throws Exception {
    List<Leak> leaks = new CopyOnWriteArrayList<>();
    try (Pool<Object> pool = Pool.builder(Object::new).size(0, 200).sampleSites(0).leakListener(leaks::add).build()) {
      try (Sampling.All all = Sampling.captureAll()) {
        assertThat(all).isNotNull();
        for (int i = 0; i < 100; i++) { // more than the budget of a round
          pool.acquire(Duration.ZERO);
        }
      }
      pool.acquire(Duration.ZERO);
      Gc.await("all dropped", () -> leaks.size() == 101);
      assertThat(leaks).filteredOn(leak -> leak.site().contains("SamplingTest.java")).hasSize(100);
      assertThat(leaks).filteredOn(leak -> leak.site().equals(Leak.NOT_SAMPLED)).hasSize(1);
    }
  }
}
