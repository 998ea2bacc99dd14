package leaksafe.heap.forked;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/** The ways to leak of the correctness matrix. Each keeps objects of a class of its own, which weigh 1 000 bytes, in a field of its own. */
enum Shape {
  STATIC_MAP(Session.class, "Shape.SESSIONS", "SESSIONS: java.util.HashMap", "java.util.HashMap") {
    @Override
    void leak(int from, int to) {
      for (int i = from; i < to; i++) {
        SESSIONS.put("session-" + i, new Session());
      }
    }
  },
  LISTENERS(Listener.class, "Hub.listeners", "listeners: java.util.ArrayList", "java.util.ArrayList") {
    @Override
    void leak(int from, int to) {
      for (int i = from; i < to; i++) {
        Hub.INSTANCE.listeners.add(new Listener());
      }
    }
  },
  THREAD_LOCAL(Request.class, "threadLocals", "threadLocals: java.lang.ThreadLocal$ThreadLocalMap", "java.util.HashMap") {
    @Override
    void leak(int from, int to) throws Exception {
      Future<?> done = POOL.submit(() -> {
        for (int i = from; i < to; i++) {
          REQUESTS.get().put(i, new Request());
        }
      });
      done.get();
    }
  },
  CLASS_LOADER(Plugin.class, "Shape.PLUGINS", "PLUGINS: java.util.ArrayList", "java.util.ArrayList") {
    @Override
    void leak(int from, int to) throws Exception {
      for (int i = from / PER_LOADER; i < to / PER_LOADER; i++) {
        PLUGINS.add(new ChildFirst().loadClass(Plugin.class.getName()).getConstructor().newInstance());
      }
    }

    @Override
    int count(int items) {
      return items / PER_LOADER;
    }
  },
  ARRAY_DEQUE(Task.class, "Shape.DEQUE", "DEQUE: java.util.ArrayDeque", "java.util.ArrayDeque") {
    @Override
    void leak(int from, int to) {
      // Taken and put back, so that the elements wrap around the end of the array.
      Shape.fill(DEQUE, from, to, Task::new);
      for (int i = 0; i < 50; i++) {
        DEQUE.add(DEQUE.remove());
      }
    }
  },
  LINKED_QUEUE(Job.class, "Shape.LINKED", "LINKED: java.util.concurrent.LinkedBlockingQueue", "java.util.concurrent.LinkedBlockingQueue") {
    @Override
    void leak(int from, int to) {
      Shape.fill(LINKED, from, to, Job::new);
      LINKED.remove();
      LINKED.add(new Job());
    }
  },
  CONCURRENT_QUEUE(Message.class, "Shape.CONCURRENT", "CONCURRENT: java.util.concurrent.ConcurrentLinkedQueue",
      "java.util.concurrent.ConcurrentLinkedQueue") {
    @Override
    void leak(int from, int to) {
      Shape.fill(CONCURRENT, from, to, Message::new);
    }
  },
  PRIORITY_QUEUE(Timer.class, "Shape.PRIORITY", "PRIORITY: java.util.PriorityQueue", "java.util.PriorityQueue") {
    @Override
    void leak(int from, int to) {
      Shape.fill(PRIORITY, from, to, Timer::new);
    }
  },
  CONCURRENT_MAP(Entry.class, "Shape.MAP", "MAP: java.util.concurrent.ConcurrentHashMap", "java.util.concurrent.ConcurrentHashMap") {
    @Override
    void leak(int from, int to) throws Exception {
      // By several threads, so that the size is spread over counter cells.
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int remainder = t;
        Thread thread = new Thread(() -> {
          for (int i = from; i < to; i++) {
            if (i % 4 == remainder) {
              MAP.put(i, new Entry());
            }
          }
        });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  },
  NESTED(Document.class, "Shape.TENANTS", "TENANTS: java.util.HashMap", "java.util.HashMap") {
    @Override
    void leak(int from, int to) {
      for (int i = from; i < to; i++) {
        TENANTS.computeIfAbsent("the only tenant", t -> new HashMap<>()).put(i, new Document());
      }
    }
  },
  /** A weak map whose values hold their keys. */
  EPHEMERON(SelfKeeping.class, "Shape.EXTRAS", "EXTRAS: java.util.WeakHashMap", "java.util.WeakHashMap") {
    @Override
    void leak(int from, int to) {
      for (int i = from; i < to; i++) {
        SelfKeeping key = new SelfKeeping();
        EXTRAS.put(key, key);
      }
    }
  };

  /** So many items of 1 000 bytes are one class loader whose class has a static array of their weight. */
  static final int PER_LOADER = 50;
  static final int ITEM_BYTES = 1000;

  static class Item {
    final byte[] weight = new byte[ITEM_BYTES];
  }

  static final class Session extends Item {}

  static final class Listener extends Item {}

  static final class Request extends Item {}

  static final class Task extends Item {}

  static final class Job extends Item {}

  static final class Message extends Item {}

  static final class Timer extends Item {}

  static final class Entry extends Item {}

  static final class Document extends Item {}

  static final class SelfKeeping extends Item {}

  static final class Hub {
    static final Hub INSTANCE = new Hub();
    final List<Object> listeners = new ArrayList<>();
  }

  /** Loaded by loaders that nobody lets go. */
  public static final class Plugin {
    static final byte[] STATE = new byte[PER_LOADER * ITEM_BYTES];
  }

  private static final class ChildFirst extends ClassLoader {
    ChildFirst() {
      super(ChildFirst.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(Plugin.class.getName())) {
        return super.loadClass(name, resolve);
      }
      try (InputStream in = Shape.class.getResourceAsStream("Shape$Plugin.class")) {
        byte[] code = in.readAllBytes();
        return defineClass(name, code, 0, code.length);
      } catch (java.io.IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  static final Map<String, Session> SESSIONS = new HashMap<>();
  static final ExecutorService POOL = Executors.newSingleThreadExecutor(task -> {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  });
  static final ThreadLocal<Map<Integer, Request>> REQUESTS = ThreadLocal.withInitial(HashMap::new);
  static final List<Object> PLUGINS = new ArrayList<>();
  static final Queue<Object> DEQUE = new ArrayDeque<>();
  static final Queue<Object> LINKED = new LinkedBlockingQueue<>();
  static final Queue<Object> CONCURRENT = new ConcurrentLinkedQueue<>();
  static final Queue<Object> PRIORITY = new PriorityQueue<>(Comparator.comparingInt(System::identityHashCode));
  static final Map<Integer, Entry> MAP = new ConcurrentHashMap<>();
  static final Map<String, Map<Integer, Document>> TENANTS = new HashMap<>();
  static final Map<SelfKeeping, SelfKeeping> EXTRAS = new WeakHashMap<>();

  /** The class of what leaks. */
  final Class<?> item;
  /** What a path to the leak contains, a tree of {@code why}, and the collection that holds it. */
  final String inPath;
  final String inTree;
  final String collection;

  Shape(Class<?> item, String inPath, String inTree, String collection) {
    this.item = item;
    this.inPath = inPath;
    this.inTree = inTree;
    this.collection = collection;
  }

  abstract void leak(int from, int to) throws Exception;

  /** Returns how many objects so many items are. */
  int count(int items) {
    return items;
  }

  private static void fill(Queue<Object> queue, int from, int to, java.util.function.Supplier<Object> maker) {
    for (int i = from; i < to; i++) {
      queue.add(maker.get());
    }
  }
}
