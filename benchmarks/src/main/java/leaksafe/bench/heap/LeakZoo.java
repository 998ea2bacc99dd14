package leaksafe.bench.heap;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes dumps with known leaks for the heap benchmarks: {@code LeakZoo ENTRIES FIRST.hprof [SECOND.hprof ...]}, each later dump with a
 * tenth more. 300 000 entries make a dump of about 100 MB, 3 000 000 one of 1 GB. Leaks: a static map, a list of listeners, a concurrent
 * map, a queue, thread-locals of pooled threads, class loaders held by one instance; a stable map and a weak map as noise.
 */
public final class LeakZoo {
  static final class Session {
    final long id;
    final String user;
    Object[] attributes;

    Session(long id) {
      this.id = id;
      user = "user-" + id;
      if ((id & 7) == 0) {
        attributes = new Object[] {user, "attribute"};
      }
    }
  }

  static final class Cache {
    static final Map<String, Session> SESSIONS = new HashMap<>();
  }

  static final class Hub {
    static final Hub INSTANCE = new Hub();
    final List<Runnable> listeners = new ArrayList<>();
  }

  static final class Screen implements Runnable {
    final byte[] bitmap = new byte[512];

    @Override
    public void run() {}
  }

  static final class Registry {
    static final Map<Object, Object> BY_ID = new ConcurrentHashMap<>();
    static final Deque<Object> QUEUE = new ArrayDeque<>();
    static final Map<Integer, String> STABLE = new LinkedHashMap<>();
    static final Map<Object, Object> WEAK = new WeakHashMap<>();
    static final List<Object> PLUGINS = new ArrayList<>();
  }

  /** What a leaked class loader defines. */
  public static final class Plugin {
    static final byte[] STATE = new byte[64 * 1024];
  }

  private static final class ChildFirst extends ClassLoader {
    private final byte[] code;

    ChildFirst(byte[] code) {
      super(LeakZoo.class.getClassLoader());
      this.code = code;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      return name.equals(Plugin.class.getName()) ? defineClass(name, code, 0, code.length) : super.loadClass(name, resolve);
    }
  }

  private static final ThreadLocal<Map<String, byte[]>> CONTEXT = ThreadLocal.withInitial(HashMap::new);
  private static long sessions;
  private static long ids;

  private LeakZoo() {}

  /** Makes the dumps. */
  public static void main(String[] args) throws Exception {
    int entries = Integer.parseInt(args[0]);
    byte[] code;
    try (InputStream in = LeakZoo.class.getResourceAsStream("LeakZoo$Plugin.class")) {
      code = in.readAllBytes();
    }
    ExecutorService pool = Executors.newFixedThreadPool(4);
    for (int i = 0; i < entries / 4; i++) {
      Registry.STABLE.put(i, "stable-" + i);
    }
    for (int i = 0; i < 1000; i++) {
      Registry.WEAK.put(Registry.STABLE.get(i % (entries / 4)), i);
    }
    for (int i = 1; i < args.length; i++) {
      grow(i == 1 ? entries : entries / 10, code, pool);
      Path file = Path.of(args[i]);
      Files.deleteIfExists(file);
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
      long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      System.out.printf("%s: %d MB, heap %d MB, %d sessions, %d listeners, %d concurrent, %d queued, %d plugins%n", file, Files.size(file) >> 20,
          used >> 20, Cache.SESSIONS.size(), Hub.INSTANCE.listeners.size(), Registry.BY_ID.size(), Registry.QUEUE.size(), Registry.PLUGINS.size());
    }
    pool.shutdownNow();
  }

  private static void grow(int count, byte[] code, ExecutorService pool) throws Exception {
    for (int i = 0; i < count; i++) {
      Cache.SESSIONS.put("session:" + sessions, new Session(sessions++));
    }
    for (int i = 0; i < count / 100; i++) {
      Hub.INSTANCE.listeners.add(new Screen());
    }
    for (int i = 0; i < count / 20; i++) {
      Registry.BY_ID.put(ids++, new Object[] {ids});
    }
    for (int i = 0; i < count / 200; i++) {
      Registry.QUEUE.add(new long[4]);
    }
    List<Future<?>> jobs = new ArrayList<>();
    for (int job = 0; job < 64; job++) {
      int from = job * count;
      jobs.add(pool.submit(() -> {
        for (int i = 0; i < Math.max(1, count / 32_000); i++) {
          CONTEXT.get().put("request-" + sessions + "-" + (from + i), new byte[256]);
        }
      }));
    }
    for (Future<?> job : jobs) {
      job.get();
    }
    for (int i = 0; i < 3; i++) {
      Registry.PLUGINS.add(new ChildFirst(code).loadClass(Plugin.class.getName()).getConstructor().newInstance());
    }
  }
}
