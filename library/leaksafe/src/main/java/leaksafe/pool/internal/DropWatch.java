package leaksafe.pool.internal;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import leaksafe.internal.Reachability;
import leaksafe.internal.UserClasses;
import leaksafe.resource.internal.Hosts;
import leaksafe.resource.internal.TrackedReference;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the user's pool was dropped without having been closed, and has it closed and reported; and keeps what is left of a closed pool
 * until its last object is gone, or the last lease would be dropped together with the object, unseen.
 *
 * <p>For that, somebody has to hold what is left of the pool: its objects, its disposer and its listeners. It is the user's class, as
 * long as that is there; so a class loader that is dropped together with its pools takes all of them along.
 *
 * <p>If what is left reaches the user's pool, because the disposer captures the object that holds the pool, say, the pool would never be
 * dropped; and if that of a closed pool reaches a lease, this would never be dropped. Nobody can tell once and for all, since the path may be made
 * later. So it is looked for in the 1st, 2nd, 4th, 8th ... round of the upkeep and then in each {@value #EVERY}th, from its start and once more from
 * the closing; once a path is found, this watch ends, and the pool is garbage with its objects when it is dropped.
 */
final class DropWatch {
  /** How many of the objects are looked at. */
  static final int OBJECTS = 16;

  private static final int EVERY = 1024;
  private static final Hosts.Kind KIND = new Hosts.Kind("pools", "pool");

  // Every lease reaches its pool's core. A closed pool is looked at in few rounds and lasts no longer than its leases, so it may cost more.
  private static final int DEPTH = 24;
  private static final int EDGES = 4000;

  private static final ClassValue<Set<Object>> CLOSED = new ClassValue<>() {
    @Override
    protected Set<Object> computeValue(Class<?> type) {
      return Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    }
  };

  private final TrackedReference tracked;
  private final WeakReference<Object> front;
  private final Class<?> host;
  private volatile @Nullable Object kept; // the core of a closed pool with objects
  private int rounds; // the upkeep's thread alone, but for a start from anew

  private DropWatch(TrackedReference tracked, Object front, Class<?> host) {
    this.tracked = tracked;
    this.front = new WeakReference<>(front);
    this.host = host;
  }

  /** Returns the watch over a user's pool, or null if there is no place for it, because the user's class outlives the library. */
  static @Nullable DropWatch over(Object front, Class<?> user, Settings<?> settings, Runnable whenDropped) {
    Class<?> host = UserClasses.hostFor(user);
    if (host == null) {
      return null;
    }
    TrackedReference tracked = KIND.trackIn(host, front, settings.name(), settings.creationSite(), whenDropped, settings.leakListener());
    return tracked == null ? null : new DropWatch(tracked, front, host);
  }

  /** The pool was closed, and this is its core. */
  void closed(Object core) {
    tracked.forget();
    rounds = 0;
    kept = core;
    CLOSED.get(host).add(core);
  }

  /** The last object is gone. */
  void end() {
    Object core = kept;
    if (core != null) {
      kept = null;
      CLOSED.get(host).remove(core);
    }
  }

  /** Looks whether the pool, or the leases of a closed one, could be dropped at all, ever more seldom. */
  void look(Settings<?> settings, Supplier<List<Object>> objects, BooleanSupplier needed) {
    Object closed = kept;
    if (closed != null && !needed.getAsBoolean()) {
      end(); // what is left are tasks of the executor, which hold it; or it lost them
      return;
    }
    rounds++;
    if ((rounds & rounds - 1) != 0 && rounds % EVERY != 0) {
      return;
    }
    if (closed != null) {
      if (reaches(settings, objects.get(), closed, DEPTH, EDGES)) {
        end();
      }
      return;
    }
    Object target = tracked.isOpen() ? front.get() : null;
    if (target != null && reaches(settings, objects.get(), target, Reachability.DEPTH, Reachability.EDGES)) {
      tracked.forget();
    }
  }

  private static boolean reaches(Settings<?> settings, List<Object> objects, Object target, int depth, int edges) {
    List<@Nullable Object> roots = new ArrayList<>(objects);
    Collections.addAll(roots, settings.disposer(), settings.failureListener(), settings.leakListener(), settings.executor(), settings.ticker());
    for (Object root : roots) {
      if (Reachability.path(root, target, depth, edges) != null) {
        return true;
      }
    }
    return false;
  }
}
