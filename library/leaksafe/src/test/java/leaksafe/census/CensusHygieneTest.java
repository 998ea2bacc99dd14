package leaksafe.census;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.cache.Cache;
import leaksafe.resource.Scope;
import leaksafe.testing.ApplicationLoader;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** The census keeps nothing alive: neither containers, nor what is watched, nor class loaders. */
class CensusHygieneTest {

  /** An application that brings the library, keeps containers and watches in static fields, and closes nothing. */
  public static final class WithTheLibrary implements Runnable {
    private static final Cache<Integer, String> CACHE = Cache.<Integer, String>builder().maximumSize(5).build();
    private static final Map<Object, Object> MAP = new HashMap<>();
    private static final StringBuilder TEXT = new StringBuilder("abc");
    private static CensusSnapshot last = Census.snapshot();
    private static CensusSampler sampler;

    @Override
    public void run() {
      CACHE.put(1, "one");
      MAP.put(this, this);
      Census.watch("map", MAP);
      Census.watch("text", "text", TEXT, text -> text.length());
      sampler = Census.every(Duration.ofMillis(20), snapshot -> last = snapshot);
      last = Census.snapshot();
      if (last.totalSize() < 5 || sampler.toString().isEmpty()) {
        throw new AssertionError(last.toText());
      }
    }
  }

  @Test
  void an_application_that_brings_the_library_is_collected() {
    Gc.awaitCleared(ChildLoader.runAndDrop(WithTheLibrary.class));
  }

  @Test
  void an_application_on_the_library_is_collected_though_its_watches_were_not_ended() throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      loaders.add(ApplicationLoader.runAndDrop(WatchingApplication.class));
    }
    CensusSnapshot kept = Census.snapshot();
    assertThat(kept.filter(entry -> entry.classLoader().contains("ApplicationLoader@")).by(Grouping.CLASS_LOADER)).isNotEmpty();
    Gc.awaitCleared(loaders);
    Gc.await("the watches are gone", () -> Census.snapshot().filter(entry -> entry.name().startsWith("hygiene")).entries().isEmpty());
    Reference.reachabilityFence(kept);
  }

  @Test
  void the_watch_may_be_kept_and_the_map_is_collected() {
    AtomicReference<Watch> watch = new AtomicReference<>();
    WeakReference<Object> map = watchedMap(watch);
    Gc.awaitCleared(map);
    assertThat(watch.get().isActive()).isFalse();
  }

  private static WeakReference<Object> watchedMap(AtomicReference<Watch> watch) {
    Map<String, String> map = new HashMap<>();
    watch.set(Census.watch("hygiene kept watch", map));
    return new WeakReference<>(map);
  }

  @Test
  void a_dropped_cache_is_not_listed_once_it_is_collected() {
    WeakReference<Object> cache = droppedCache();
    Gc.awaitCleared(cache);
    Gc.await("it is not listed", () -> Census.snapshot().filter(entry -> entry.name().equals("hygiene cache")).entries().isEmpty());
  }

  private static WeakReference<Object> droppedCache() {
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name("hygiene cache").maximumSize(1).build();
    assertThat(Census.snapshot().entries()).anyMatch(entry -> entry.name().equals("hygiene cache"));
    return new WeakReference<>(cache);
  }

  @Test
  void a_dropped_sampler_ends() {
    WeakReference<Object> consumer = droppedSampler();
    Gc.awaitCleared(consumer);
  }

  private static WeakReference<Object> droppedSampler() {
    List<CensusSnapshot> seen = new ArrayList<>();
    Census.every(Duration.ofMillis(10), snapshot -> seen.add(snapshot.top(1)));
    return new WeakReference<>(seen);
  }

  @Test
  void ten_thousand_scopes_leave_nothing_behind() {
    long before = Census.snapshot().filter(entry -> entry.kind().equals("scope")).entries().size();
    for (int i = 0; i < 10_000; i++) {
      Scope.open("hygiene scope").close();
    }
    assertThat(Census.snapshot().filter(entry -> entry.name().equals("hygiene scope")).entries()).isEmpty();
    assertThat(before).isNotNegative();
  }
}
