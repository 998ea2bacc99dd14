package leaksafe.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import leaksafe.Lease;
import leaksafe.cache.Cache;
import leaksafe.event.EventBus;
import leaksafe.pool.Pool;
import leaksafe.registry.WeakRegistry;
import leaksafe.resource.Scope;
import leaksafe.resource.Tracked;
import leaksafe.resource.Tracker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that leave nothing behind that grows, and look as if they did. Run by {@link HarmlessTest}. */
class HarmlessTests {
  private static final Map<Integer, String> SAME_KEYS = new ConcurrentHashMap<>();
  private static final Map<String, Pattern> COMPUTED_ONCE = new ConcurrentHashMap<>();
  private static final Cache<Integer, byte[]> BOUNDED = Cache.<Integer, byte[]>builder().maximumSize(1000).build();
  private static final Pool<StringBuilder> POOL = Pool.builder(StringBuilder::new).name("harmless").size(0, 4).build();
  private static final Tracker<Object> TRACKER = Tracker.create("harmless");
  private static final WeakRegistry<Object, String> REGISTRY = WeakRegistry.<Object, String>builder().name("harmless").build();
  private static final EventBus BUS = EventBus.create();
  private static final ThreadLocal<List<String>> LOCAL = new ThreadLocal<>();
  private static final byte[][] RING = new byte[3][];
  private static SoftReference<byte[]> soft = new SoftReference<>(null);
  private static int counter;

  private final List<byte[]> state = new ArrayList<>();

  @TempDir
  Path directory;

  @BeforeEach
  void set_up() {
    state.add(new byte[1000]);
  }

  @AfterEach
  void tear_down() {
    counter++;
  }

  @Test
  void nothing() {}

  @Test
  void state_of_the_instance() {
    for (int i = 0; i < 100; i++) {
      state.add(new byte[100]);
    }
  }

  @Test
  void a_bounded_cache_that_fills() {
    BOUNDED.put(counter, new byte[10]);
  }

  @Test
  void a_static_map_with_the_same_keys() {
    for (int i = 0; i < 100; i++) {
      SAME_KEYS.put(i, "value " + counter);
    }
  }

  @Test
  void what_is_computed_once() {
    COMPUTED_ONCE.computeIfAbsent("a+b", Pattern::compile);
  }

  @Test
  void a_thread_that_ends() throws Exception {
    Thread thread = new Thread(() -> state.add(new byte[10]));
    thread.start();
    thread.join();
  }

  @Test
  void a_thread_that_ends_later() {
    new Thread(() -> {
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }).start();
  }

  @Test
  void an_executor_that_is_shut_down() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(2);
    executor.submit(() -> state.size()).get();
    executor.shutdown();
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_scope_that_is_closed() throws Exception {
    try (Scope scope = Scope.open("harmless")) {
      scope.own(Files.newInputStream(Files.writeString(directory.resolve("file"), "text")));
    }
  }

  @Test
  void a_lease_that_is_closed() throws Exception {
    try (Lease<StringBuilder> lease = POOL.acquire(Duration.ofSeconds(10))) {
      lease.get().setLength(0);
    }
  }

  @Test
  void a_resource_that_is_closed() {
    Object resource = new Object();
    Tracked tracked = TRACKER.track(resource);
    tracked.touch(resource.toString());
    tracked.close();
  }

  @Test
  void a_listener_whose_owner_is_dropped() {
    BUS.subscribe(new StringBuilder(), String.class, StringBuilder::append);
    BUS.publish("event " + counter);
  }

  @Test
  void a_registered_value_whose_key_is_dropped() {
    REGISTRY.put(new Object(), "value " + counter);
  }

  @Test
  void files_and_strings() throws Exception {
    Path file = directory.resolve("file" + counter);
    Files.writeString(file, String.join(",", IntStream.range(0, 100).mapToObj(Integer::toString).toList()));
    assertThat(Files.readString(file).split(",")).hasSize(100);
  }

  @Test
  void streams_in_parallel() {
    assertThat(IntStream.range(0, 10_000).parallel().mapToObj(Integer::toString).mapToInt(String::length).sum()).isPositive();
  }

  @Test
  void futures_on_the_common_pool() throws Exception {
    assertThat(CompletableFuture.supplyAsync(() -> new byte[100]).thenApplyAsync(bytes -> bytes.length).get()).isEqualTo(100);
  }

  /** Defined anew by each loader. */
  public static final class Plugin {}

  @Test
  void a_class_loader_that_is_dropped() throws Exception {
    ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {
      @Override
      protected Class<?> findClass(String name) throws ClassNotFoundException {
        throw new ClassNotFoundException(name);
      }

      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.equals(Plugin.class.getName())) {
          return super.loadClass(name, resolve);
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
          byte[] code = in.readAllBytes();
          return defineClass(name, code, 0, code.length);
        } catch (java.io.IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    };
    assertThat(loader.loadClass(Plugin.class.getName()).getConstructor().newInstance()).isNotInstanceOf(Plugin.class);
  }

  @Test
  void a_thread_local_that_is_removed() {
    LOCAL.set(new ArrayList<>(List.of("value")));
    LOCAL.remove();
  }

  @Test
  void a_thread_local_that_is_replaced() {
    LOCAL.set(new ArrayList<>(List.of("value " + counter)));
  }

  @Test
  void exceptions_that_are_caught() {
    for (int i = 0; i < 100; i++) {
      try {
        throw new IllegalStateException("number " + i);
      } catch (IllegalStateException e) {
        state.add(e.getMessage().getBytes());
      }
    }
  }

  @Test
  void a_ring_of_the_latest() {
    RING[counter % RING.length] = new byte[100];
  }

  @Test
  void a_soft_reference() {
    byte[] bytes = soft.get();
    soft = new SoftReference<>(bytes != null ? bytes : new byte[100_000]);
  }

  @Test
  void proxies() {
    Runnable proxy = (Runnable) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Runnable.class}, (p, method, args) -> null);
    proxy.run();
  }

  @Test
  void a_timer_that_is_cancelled() {
    Timer timer = new Timer("harmless", true);
    timer.schedule(new TimerTask() {
      @Override
      public void run() {}
    }, 10_000);
    timer.cancel();
  }

  @Test
  void logging() {
    Logger.getLogger("leaksafe.harmless").fine(() -> "round " + counter);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void arguments(int size) {
    Map<Integer, byte[]> map = new HashMap<>();
    map.put(size, new byte[size]);
    assertThat(map).hasSize(1);
  }

  @RepeatedTest(2)
  void repetitions() {
    state.add(new byte[10]);
  }
}
