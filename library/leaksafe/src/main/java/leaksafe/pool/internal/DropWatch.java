package leaksafe.pool.internal;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import leaksafe.internal.Reachability;
import leaksafe.resource.internal.Hosts;
import leaksafe.resource.internal.TrackedReference;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the user's pool was dropped without having been closed, and has it closed and reported.
 *
 * <p>For that, somebody has to hold what is left of the pool: its objects, its disposer and its listeners. It is the user's class, as
 * long as that is there; so a class loader that is dropped together with its pools takes all of them along.
 *
 * <p>If what is left reaches the user's pool, because the disposer captures the object that holds the pool, say, the pool would never be
 * dropped. Nobody can tell once and for all, since the path may be made later. So it is looked for in the 1st, 2nd, 4th, 8th ... round of the
 * upkeep and then in each {@value #EVERY}th, dropped pools included; once a path is found, this watch ends, and the pool is garbage with its
 * objects when it is dropped.
 */
final class DropWatch {
  /** How many of the objects are looked at. */
  static final int OBJECTS = 16;

  private static final int EVERY = 1024;
  private static final Hosts.Kind KIND = new Hosts.Kind("pools", "pool");

  private final TrackedReference tracked;
  private final WeakReference<Object> front;
  private int rounds; // the upkeep's thread alone

  private DropWatch(TrackedReference tracked, Object front) {
    this.tracked = tracked;
    this.front = new WeakReference<>(front);
  }

  /** Returns the watch over a user's pool, or null if there is no place for it, because the user's class outlives the library. */
  static @Nullable DropWatch over(Object front, Class<?> user, Settings<?> settings, Runnable whenDropped) {
    TrackedReference tracked =
        KIND.trackIn(user, front, settings.name(), settings.creationSite(), whenDropped, settings.leakListener());
    return tracked == null ? null : new DropWatch(tracked, front);
  }

  /** The pool was closed. */
  void end() {
    tracked.forget();
  }

  boolean isOver() {
    return !tracked.isOpen();
  }

  /** Looks whether the pool could be dropped at all, ever more seldom. */
  void look(Settings<?> settings, Supplier<List<Object>> objects) {
    rounds++;
    if (((rounds & rounds - 1) != 0 && rounds % EVERY != 0) || isOver()) {
      return;
    }
    Object target = front.get();
    if (target == null) {
      return; // it has been dropped
    }
    List<@Nullable Object> roots = new ArrayList<>(objects.get());
    Collections.addAll(roots, settings.disposer(), settings.failureListener(), settings.leakListener(), settings.executor(), settings.ticker());
    for (Object root : roots) {
      if (Reachability.path(root, target) != null) {
        tracked.forget();
        return;
      }
    }
  }
}
