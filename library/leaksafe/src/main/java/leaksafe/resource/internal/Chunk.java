package leaksafe.resource.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Room for 64 references, and the map of which places are taken.
 *
 * <p>References are kept in arrays and not in linked lists because the collector processes discovered references in parallel only
 * where it reaches them in parallel: a list of a million references is walked by one thread [1].
 *
 * <p><b>Protocol.</b> {@code claim} takes a bit, {@code fill} publishes the reference in the place that belongs to the bit, {@code
 * release} takes the reference out by compare-and-set and then gives the bit back. Whoever wins that compare-and-set, closer or
 * reaper, is the one that closes the object. A place is never taken by two: between a claim and its release only the claimer's
 * reference is in it, and a reference whose place was taken by another later fails the compare-and-set.
 *
 * <p>[1] JDK-8343704, "Bad GC parallelism with processing Cleaner queues"
 */
class Chunk {
  static final int SLOTS = 64;
  static final int SLOT_BITS = 6;
  static final int HALF = SLOTS / 2;
  private static final long FULL = -1L;

  private static final VarHandle USED;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(TrackedReference[].class);

  static {
    try {
      USED = MethodHandles.lookup().findVarHandle(Chunk.class, "used", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Stripe stripe;
  private final @Nullable TrackedReference[] slots = new TrackedReference[SLOTS];

  @SuppressWarnings("unused") // by USED
  private long used;

  boolean roomy; // guarded by the stripe's lock: in its list of chunks with room
  private boolean retired; // guarded by the stripe's lock

  Chunk(Stripe stripe) {
    this.stripe = stripe;
  }

  /** Takes a free place and returns its number, or returns -1 if there is none. */
  int claim() {
    // Volatile, here and in what follows: one total order of the changes of the map and of the stripe's current chunk is what
    // Stripe.release argues with.
    long seen = (long) USED.getVolatile(this);
    while (seen != FULL) {
      int slot = Long.numberOfTrailingZeros(~seen);
      long witness = (long) USED.compareAndExchange(this, seen, seen | 1L << slot);
      if (witness == seen) {
        return slot;
      }
      seen = witness;
    }
    return -1;
  }

  /** Puts a reference into a place that was claimed for it. */
  void fill(int slot, TrackedReference reference) {
    // Release: pairs with the acquire in take() and at(), so that who finds the reference finds its fields written.
    SLOT.setRelease(slots, slot, reference);
  }

  /** Takes the reference out, unless somebody else did. The place is free only after {@link #free}. */
  boolean take(int slot, TrackedReference reference) {
    // Acquire and release: see fill(); and only one of closer and reaper may win.
    return SLOT.compareAndSet(slots, slot, reference, null);
  }

  /** Gives a place back, and returns how many were taken before. */
  int free(int slot) {
    return Long.bitCount((long) USED.getAndBitwiseAnd(this, ~(1L << slot)));
  }

  @Nullable TrackedReference at(int slot) {
    // Acquire: pairs with fill().
    return (TrackedReference) SLOT.getAcquire(slots, slot);
  }

  boolean holds(int slot, TrackedReference reference) {
    return at(slot) == reference;
  }

  /** Returns how many places are taken now: all, once it is retired. */
  int count() {
    return Long.bitCount((long) USED.getVolatile(this));
  }

  /** Makes sure that nobody claims a place any more, if none is taken. Called under the stripe's lock. */
  boolean retire() {
    retired = USED.compareAndSet(this, 0L, FULL);
    return retired;
  }

  boolean isRetired() {
    return retired;
  }
}
