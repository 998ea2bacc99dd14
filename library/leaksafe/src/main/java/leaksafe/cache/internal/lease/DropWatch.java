package leaksafe.cache.internal.lease;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import leaksafe.internal.Reachability;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;
import leaksafe.internal.UserClasses;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the user's cache was dropped without having been closed, and has it closed and reported.
 *
 * <p>For that, somebody has to hold what is left of it: its values, its closer and its listeners. It is the user's class, as long as
 * that is there; so a class loader that is dropped together with its caches takes all of them along.
 *
 * <p>If what is left reaches the user's cache, because the closer captures the object that holds the cache, say, the cache would never be
 * dropped. The path may be made later, so it is looked for at once, after a second, and then after twice as long each time up to
 * {@value #LONGEST_SECONDS} s; once one is found, this watch ends, and the cache is garbage with its values when it is dropped.
 */
final class DropWatch extends WeakReference<Object> implements Reapable {
  /** How many of the values are looked at. */
  static final int VALUES = 16;

  private static final int LONGEST_SECONDS = 1000;
  private static final ClassValue<Set<DropWatch>> PLACES = new ClassValue<>() {
    @Override
    protected Set<DropWatch> computeValue(Class<?> type) {
      return ConcurrentHashMap.newKeySet();
    }
  };

  private final LeaseCore<?, ?> core;
  private final Set<DropWatch> place;
  private long pause = TimeUnit.SECONDS.toNanos(1); // the reaper's thread alone, as the next
  private long lookAt;

  private DropWatch(Object front, LeaseCore<?, ?> core, Set<DropWatch> place, long now) {
    super(front, Reaper.queue());
    this.core = core;
    this.place = place;
    this.lookAt = now;
  }

  /** Returns the watch over a user's cache, or null if there is no place for it, because the user's class outlives the library. */
  static @Nullable DropWatch over(Object front, LeaseCore<?, ?> core, @Nullable Class<?> user) {
    Class<?> host = UserClasses.hostFor(user);
    if (host == null) {
      return null;
    }
    DropWatch watch = new DropWatch(front, core, PLACES.get(host), System.nanoTime());
    watch.place.add(watch);
    return watch;
  }

  /** The cache was closed and its last value with it, or it can never be dropped. */
  void end() {
    place.remove(this);
  }

  /** The user's cache was collected. */
  @Override
  public void reap() {
    if (place.contains(this)) {
      core.abandoned(); // and stays in its place until the last value is closed: who else would hold those whose lease is dropped, too
    }
  }

  /** Looks whether the cache could be dropped at all, if it is time, and returns in how many nanoseconds it is time again. */
  long look(long nanoTime, Supplier<List<@Nullable Object>> roots) {
    if (!place.contains(this)) {
      return Long.MAX_VALUE;
    }
    if (nanoTime - lookAt < 0) {
      return lookAt - nanoTime;
    }
    Object front = get();
    if (front == null) {
      return Long.MAX_VALUE; // it has been dropped
    }
    for (Object root : roots.get()) {
      if (Reachability.path(root, front) != null) {
        end();
        return Long.MAX_VALUE;
      }
    }
    long wait = pause;
    lookAt = nanoTime + wait;
    pause = Math.min(wait * 2, TimeUnit.SECONDS.toNanos(LONGEST_SECONDS));
    return wait;
  }
}
