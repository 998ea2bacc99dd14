package leaksafe.junit;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import leaksafe.cache.Cache;
import leaksafe.pool.Pool;
import leaksafe.resource.Tracked;
import leaksafe.resource.Tracker;
import org.junit.jupiter.api.Test;

/**
 * Tests that leak, one way each, and pass without {@link LeakFree}. The comment {@code // here} is on the line that a report must name. They are run by {@link
 * PlantedLeaksTest} and for {@code REPORTS.md}, never by the build itself.
 */
final class PlantedLeaks {

  private PlantedLeaks() {}

  static class AStaticMapThatOnlyGrows {
    record Session(String user) {}

    static final class Sessions {
      private static final Map<Integer, Session> OPEN = new ConcurrentHashMap<>();

      static void open(String user) {
        OPEN.put(OPEN.size(), new Session(user)); // here
      }
    }

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void login() {
      Sessions.open("user");
    }
  }

  static class AListenerThatNobodyRemoves {
    static final class Hub {
      static final Hub INSTANCE = new Hub();
      private final List<Runnable> listeners = new ArrayList<>();

      void listen(Runnable listener) {
        listeners.add(listener);
      }
    }

    static final class Screen implements Runnable {
      private final byte[] pixels = new byte[1000];

      @Override
      public void run() {
        pixels[0]++;
      }
    }

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void show() {
      Screen screen = new Screen(); // here
      Hub.INSTANCE.listen(screen);
    }
  }

  static class AThreadLocalOnAPooledThread {
    static final ExecutorService POOL = Executors.newFixedThreadPool(1, task -> {
      Thread thread = new Thread(task, "worker");
      thread.setDaemon(true);
      return thread;
    });

    static final class Request {
      private final ThreadLocal<Request> current = new ThreadLocal<>();
      private final byte[] body = new byte[1000];

      void handle() {
        current.set(this);
        body[0]++;
      }
    }

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void handle() throws Exception {
      Request request = new Request(); // here
      POOL.submit(request::handle).get();
    }
  }

  static class AThreadThatIsNeverStopped {
    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void poll() throws InterruptedException {
      CountDownLatch started = new CountDownLatch(1);
      Thread thread = new Thread(() -> {
        started.countDown();
        sleepForLong();
      }, "poller");
      thread.setDaemon(true);
      thread.start(); // here
      started.await();
    }
  }

  static class AnExecutorThatIsNeverShutDown {
    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void compute() throws Exception {
      ExecutorService executor = Executors.newFixedThreadPool(1, task -> {
        Thread thread = new Thread(task, "computer");
        thread.setDaemon(true);
        return thread;
      });
      executor.submit(() -> 42).get(); // here
    }
  }

  static class ALeaseThatIsNotClosed {
    static final Pool<StringBuilder> BUILDERS = Pool.builder(StringBuilder::new).name("builders").size(0, 64).leakListener(leak -> { }).build();

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void build() throws Exception {
      BUILDERS.acquire(Duration.ofSeconds(10)).get().append("text"); // here
    }
  }

  static class AResourceThatIsNotClosed {
    static final class Connection implements AutoCloseable {
      static final Tracker<Connection> TRACKER = Tracker.<Connection>builder("connections").leakListener(leak -> { }).build();
      private final Tracked tracked = TRACKER.track(this);

      @Override
      public void close() {
        tracked.close();
      }
    }

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void query() {
      new Connection().tracked.touch("query"); // here
    }
  }

  static class AResourceThatIsKeptOpen {
    static final class Channel {
      static final Tracker<Channel> TRACKER = Tracker.create("channels");
      static final List<Channel> USED = new ArrayList<>();
      final Tracked tracked = TRACKER.track(this);
    }

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void send() {
      Channel.USED.add(new Channel()); // here
    }
  }

  static class AnUnboundedCache {
    static final Cache<Integer, String> PRICES = Cache.<Integer, String>builder().name("prices").unbounded().build(); // here

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void price() {
      PRICES.get((int) PRICES.estimatedSize(), key -> "price " + key);
    }
  }

  static class AClassLoaderThatStays {
    static final List<Object> PLUGINS = new ArrayList<>();

    /** Defined anew by each loader. */
    public static final class Plugin {}

    static final class PluginLoader extends ClassLoader {
      PluginLoader() {
        super(PluginLoader.class.getClassLoader());
      }

      Object load() throws Exception {
        try (InputStream in = getResourceAsStream(Plugin.class.getName().replace('.', '/') + ".class")) {
          byte[] code = in.readAllBytes();
          return defineClass(Plugin.class.getName(), code, 0, code.length).getConstructor().newInstance();
        }
      }
    }

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void reload() throws Exception {
      PLUGINS.add(new PluginLoader().load()); // here
    }
  }

  static class ATaskOfASharedTimer {
    static final Timer TIMER = new Timer("shared", true);

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void remind() {
      TIMER.schedule(new TimerTask() { // here
        @Override
        public void run() {}
      }, Duration.ofDays(1).toMillis());
    }
  }

  static class AnInnerClassThatCapturesItsTest {
    static final List<Supplier<Integer>> LATER = new ArrayList<>();
    private final byte[] state = new byte[1000];

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void later() {
      LATER.add(new Supplier<>() { // here
        @Override
        public Integer get() {
          return state.length;
        }
      });
    }
  }

  static class ALambdaThatCaptures {
    static final Map<String, List<Runnable>> HOOKS = new HashMap<>();

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void hook() {
      String name = "hook " + System.nanoTime();
      HOOKS.computeIfAbsent("end", key -> new ArrayList<>()).add(() -> System.out.println(name)); // here
    }
  }

  private static void sleepForLong() {
    try {
      Thread.sleep(Duration.ofDays(1).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
