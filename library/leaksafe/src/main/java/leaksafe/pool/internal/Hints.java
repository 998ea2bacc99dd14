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
 *
 * <p>What a thread does first after it closed a lease is to follow references to the next slot, and each waits for the one before. So there
 * is no object around the array, and the number of stripes is a constant.
 */
final class Hints {
  private static final int SPACING = 32; // references: a pair of cache lines for each stripe
  private static final int STRIPES =
      Integer.highestOneBit(Math.min(64, Runtime.getRuntime().availableProcessors() * 4) * 2 - 1);
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Slot[].class);

  private Hints() {}

  /** Returns room for the hints of a pool. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  static <T> @Nullable Slot<T>[] pairs() {
    return new Slot[SPACING * STRIPES];
  }

  /** Returns where the current thread's hints are. */
  static int stripe() {
    return ((int) Thread.currentThread().getId() & STRIPES - 1) * SPACING;
  }

  @SuppressWarnings("unchecked")
  static <T> @Nullable Slot<T> first(@Nullable Slot<T>[] pairs, int stripe) {
    return (Slot<T>) SLOT.getAcquire(pairs, stripe); // acquire: pairs with found(), for a slot that was made a moment ago
  }

  @SuppressWarnings("unchecked")
  static <T> @Nullable Slot<T> second(@Nullable Slot<T>[] pairs, int stripe) {
    return (Slot<T>) SLOT.getAcquire(pairs, stripe + 1); // acquire: as first()
  }

  /** Notes a slot that neither hint had named. The older hint goes. */
  static <T> void found(@Nullable Slot<T>[] pairs, int stripe, Slot<T> slot) {
    SLOT.setRelease(pairs, stripe + 1, first(pairs, stripe)); // release: pairs with first()
    SLOT.setRelease(pairs, stripe, slot);
  }
}
