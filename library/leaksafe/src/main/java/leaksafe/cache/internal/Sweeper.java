package leaksafe.cache.internal;

import java.util.concurrent.TimeUnit;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/**
 * Releases what expired though nobody uses the cache. Every segment knows when it must be swept at the latest; the reaper calls at the
 * earliest of these times, and a writer that needs it earlier wakes it.
 */
final class Sweeper<K, V, N> implements Reaper.Client {
  private static final int BINS_A_SLICE = 1024; // under one lock
  private static final int SLICES_A_CALL = 16;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(50);

  private final Structure<K, V, N> cache;
  private final boolean coarse;
  private final boolean ticked; // the time may be moved by hand, so that no delay says when something is due
  private Reaper.@Nullable Registration registration;
  private int at; // the segment to go on with; the reaper's thread only

  /** When the reaper is going to call. Volatile, and each side first writes its own and then reads the other's, see {@link Sweep#by}. */
  private volatile long planned = Expiration.NEVER;

  Sweeper(Structure<K, V, N> cache, boolean ticked) {
    this.cache = cache;
    this.coarse = cache.expiration != null && cache.expiration.isCoarse();
    this.ticked = ticked;
  }

  void register() {
    registration = Reaper.register(this, coarse);
  }

  /** Has the reaper called earlier if that is needed for a segment that is due then. Not under a lock. */
  void wakeFor(long due) {
    if (due < planned && registration != null) {
      planned = due;
      registration.wake();
    }
  }

  @Override
  public long work(long nanoTime) {
    if (cache.removals != null && cache.removals.isBehind(nanoTime)) {
      return PAUSE; // what waits for the listener is not more than a few slices
    }
    int slices = SLICES_A_CALL;
    for (int left = cache.segmentCount(); left > 0; left--) {
      Segment<K, V, N> segment = cache.segmentIfAny(at);
      while (segment != null && segment.sweep().due() <= cache.now()) {
        if (slices-- == 0) {
          return 0;
        }
        slice(segment, cache.now(), false);
      }
      at = at + 1 & cache.segmentMask;
    }
    long next = earliest();
    planned = next;
    if (earliest() < next) {
      return 0; // of a writer that did not see the plan
    }
    return next == Expiration.NEVER ? Long.MAX_VALUE : ticked ? POLL : Math.max(1, next - cache.now());
  }

  private long earliest() {
    long earliest = Expiration.NEVER;
    for (int i = 0; i < cache.segmentCount(); i++) {
      Segment<K, V, N> segment = cache.segmentIfAny(i);
      if (segment != null) {
        earliest = Math.min(earliest, segment.sweep().due());
      }
    }
    return earliest;
  }

  /** Sweeps some bins of the segment; {@code told} on this thread, or not. Returns whether the end was reached. */
  static <K, V, N> boolean slice(Segment<K, V, N> segment, long now, boolean told) {
    segment.lock();
    try {
      return segment.sweep().run(now, BINS_A_SLICE);
    } finally {
      if (told) {
        segment.unlockAndTell();
      } else {
        segment.unlockAndTellLater();
      }
    }
  }
}
