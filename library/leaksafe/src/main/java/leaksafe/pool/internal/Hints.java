package leaksafe.pool.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Where a thread found idle objects last: two slots for each stripe of threads. A thread that holds two objects at a time finds both
 * again without a search.
 *
 * <p>Stripes are chosen by the thread's identifier, so nothing hangs on threads, and a million virtual threads cost nothing. Identifiers are
 * given in sequence, so their lowest bits spread the threads of one executor evenly. Two threads of one stripe only disturb each other's
 * guesses. All races are benign: slots are never taken away, so any slot is a valid guess.
 */
final class Hints<T> {
  private static final int SPACING = 32; // references: a pair of cache lines for each stripe
  private static final int MOST_STRIPES = 64;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Slot[].class);

  private final @Nullable Slot<T>[] pairs;
  private final int mask;

  @SuppressWarnings({"unchecked", "rawtypes"})
  Hints(int processors) {
    int stripes = Integer.highestOneBit(Math.max(1, Math.min(MOST_STRIPES, processors * 4) * 2 - 1));
    pairs = new Slot[SPACING * stripes];
    mask = stripes - 1;
  }

  /** Returns where the current thread's hints are. */
  int stripe() {
    return ((int) Thread.currentThread().getId() & mask) * SPACING;
  }

  @SuppressWarnings("unchecked")
  @Nullable Slot<T> first(int stripe) {
    return (Slot<T>) SLOT.getAcquire(pairs, stripe); // acquire: pairs with found(), for a slot that was made a moment ago
  }

  @SuppressWarnings("unchecked")
  @Nullable Slot<T> second(int stripe) {
    return (Slot<T>) SLOT.getAcquire(pairs, stripe + 1); // acquire: as first()
  }

  /** Notes a slot that neither hint had named. The older hint goes. */
  void found(int stripe, Slot<T> slot) {
    SLOT.setRelease(pairs, stripe + 1, first(stripe)); // release: pairs with first()
    SLOT.setRelease(pairs, stripe, slot);
  }
}
