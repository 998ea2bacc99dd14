package leaksafe.pool.internal;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import leaksafe.Container;
import leaksafe.internal.Containers;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/**
 * What others have of a pool, with all its keys: the census its figures, the reaper its upkeep, the user's class what is left of it, those who close
 * it a place to wait. Without {@link #start}, which is for tests and for a key's share of a pool, all but the last is missing.
 */
final class Presence {
  private final Drain drain = new Drain();
  private @Nullable Container container; // held here: the census holds it weakly
  private Reaper.@Nullable Registration registration;
  private Containers.@Nullable Announcement announcement;
  private @Nullable DropWatch dropWatch;

  /**
   * Makes the pool known.
   *
   * @param front the user's pool, which nothing here holds
   * @param user a class of the user's code
   * @param close what closes the pool, when the front was dropped
   */
  void start(Reaper.Client upkeep, Container figures, Settings<?> settings, Object front, Class<?> user, Runnable close) {
    registration = Reaper.register(upkeep, settings.ageNanos() != Settings.NEVER && settings.ticker() == null);
    container = figures;
    announcement = Containers.announce(figures);
    dropWatch = DropWatch.over(front, user, settings, close);
  }

  /** Called once a round of the upkeep, with some of the objects, and whether there is anything for the upkeep to look after. */
  void look(Settings<?> settings, Supplier<List<Object>> objects, BooleanSupplier needed) {
    if (dropWatch != null) {
      dropWatch.look(settings, objects, needed);
    }
  }

  /** Has a round of the upkeep done soon. */
  void wake() {
    if (registration != null) {
      registration.wake();
    }
  }

  /** The pool is closed, and this is the core of it. */
  void closed(Object core) {
    if (dropWatch != null) {
      dropWatch.closed(core);
    }
  }

  /** The last object of a closed pool is gone. May be called more than once. */
  void end() {
    if (registration != null) {
      registration.cancel();
    }
    if (announcement != null) {
      announcement.withdraw();
    }
    if (dropWatch != null) {
      dropWatch.end();
    }
    drain.signal();
  }

  /** Waits for the end, which the condition tells; returns whether it has come. */
  boolean await(BooleanSupplier isEmpty, long nanos) throws InterruptedException {
    return drain.await(isEmpty, nanos);
  }
}
