package leaksafe.bench.resource;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.Cleaner;
import leaksafe.resource.Tracked;
import leaksafe.resource.Tracker;

/** Something that is told of opening and closing. */
interface Watcher {

  /** Notes that an object was opened; the result, which may be null, is for {@link #close}. */
  Object open(Object object);

  /** Notes that it was closed. */
  void close(Object object, Object record);

  /**
   * Returns a watcher.
   *
   * @param name {@code none}, {@code leaksafe}, {@code leaksafe-cleanup} (with an action), {@code leaksafe-all} (all call sites), {@code
   *     cleaner}, or {@code netty-} and a level in lower case
   */
  static Watcher of(String name) {
    return switch (name) {
      case "none" -> new None();
      case "leaksafe" -> new Ours(128);
      case "leaksafe-all" -> new Ours(1);
      case "leaksafe-cleanup" -> new OursWithAction();
      case "cleaner" -> new Jdk();
      default -> new Netty(name);
    };
  }

  /** Nothing: what the object itself costs. */
  final class None implements Watcher {
    @Override
    public Object open(Object object) {
      return null;
    }

    @Override
    public void close(Object object, Object record) {}
  }

  /** Ours. */
  final class Ours implements Watcher {
    private final Tracker<Object> tracker;

    Ours(int sampleSites) {
      tracker = Tracker.builder("benchmark").sampleSites(sampleSites).leakListener(leak -> { }).build();
    }

    @Override
    public Object open(Object object) {
      return tracker.track(object);
    }

    @Override
    public void close(Object object, Object record) {
      ((Tracked) record).close();
    }
  }

  /** Ours, with something to do in the end. */
  final class OursWithAction implements Watcher {
    private final Tracker<Object> tracker = Tracker.builder("benchmark").leakListener(leak -> { }).build();
    private final Runnable action = () -> { };

    @Override
    public Object open(Object object) {
      return tracker.track(object, action);
    }

    @Override
    public void close(Object object, Object record) {
      ((Tracked) record).close();
    }
  }

  /** The JDK's, which has no counts and no sites. */
  final class Jdk implements Watcher {
    private final Cleaner cleaner = Cleaner.create();
    private final Runnable action = () -> { };

    @Override
    public Object open(Object object) {
      return cleaner.register(object, action);
    }

    @Override
    public void close(Object object, Object record) {
      ((Cleaner.Cleanable) record).clean();
    }
  }

  /** Netty's: at the levels simple and advanced it knows of one in 128 objects, at paranoid of all, with their call sites. */
  final class Netty implements Watcher {
    private final ResourceLeakDetector<Object> detector;

    Netty(String name) {
      ResourceLeakDetector.setLevel(Level.valueOf(name.substring("netty-".length()).toUpperCase(java.util.Locale.ROOT)));
      detector = new ResourceLeakDetector<>(Object.class, 128);
    }

    @Override
    public Object open(Object object) {
      return detector.track(object);
    }

    @Override
    @SuppressWarnings("unchecked")
    public void close(Object object, Object record) {
      if (record != null) {
        ((ResourceLeakTracker<Object>) record).close(object);
      }
    }
  }
}
