package leaksafe.resource.internal;

import java.lang.ref.PhantomReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import leaksafe.Leak;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;
import leaksafe.resource.Tracked;
import org.jspecify.annotations.Nullable;

/**
 * The record of one open object: 40 bytes with compressed references, and 4 for its place in a {@link Chunk}.
 *
 * <p>After it was closed it is not cleared: should it be enqueued later because somebody kept it longer than the object, {@link #reap}
 * finds its place taken or empty and does nothing. Clearing would cost a native call on JDK 17.
 */
public final class TrackedReference extends PhantomReference<Object> implements Tracked, Reapable {
  private static final int SECONDS_BITS = 32 - Chunk.SLOT_BITS;

  private final Chunk chunk;
  private final int slotAndSeconds; // the slot in the lowest bits, above it the second of its opening, of which the highest are lost

  // The name of the class, or the cleanup action of an object of the tracker's usual class, or a Detail; null when closed. Written
  // before Chunk.fill, and then only by who took the reference out of its place; read racily by touch, to which null means closed.
  private @Nullable Object detail;

  TrackedReference(Object referent, Chunk chunk, int slot, Object detail) {
    super(referent, Reaper.queue());
    this.chunk = chunk;
    this.slotAndSeconds = Seconds.now() << Chunk.SLOT_BITS | slot;
    this.detail = detail;
  }

  private int slot() {
    return slotAndSeconds & (Chunk.SLOTS - 1);
  }

  /** Closes without running the action. Returns false if it is closed. */
  public boolean forget() {
    return take() != null;
  }

  private @Nullable Object take() {
    int slot = slot();
    if (!chunk.take(slot, this)) {
      return null;
    }
    Object taken = Objects.requireNonNull(detail); // written before fill(), which take() has seen
    detail = null;
    chunk.stripe.release(chunk, slot);
    return taken;
  }

  @Override
  public void close() {
    Object taken = take();
    if (taken != null && !(taken instanceof String)) {
      Runnable cleanup = cleanup(taken);
      if (cleanup != null) {
        cleanup.run();
      }
    }
  }

  @Override
  public void reap() {
    Object taken = take();
    if (taken != null) {
      core().leaked(leak(taken), cleanup(taken), taken instanceof Detail full ? full.listener : null);
    }
  }

  @Override
  public void touch(String hint) {
    Objects.requireNonNull(hint, "hint");
    if (detail instanceof Detail known) {
      known.note(hint);
    }
  }

  @Override
  public boolean isOpen() {
    return chunk.holds(slot(), this);
  }

  private static @Nullable Runnable cleanup(Object detail) {
    return detail instanceof Detail known ? known.cleanup : detail instanceof Runnable action ? action : null;
  }

  /** Returns the leak that this would be if it were found now, or null if it is closed meanwhile. */
  @Nullable Leak leak() {
    Object known = detail;
    return known == null ? null : leak(known);
  }

  private Leak leak(Object known) {
    String kind = core().leakKind();
    if (known instanceof Detail full && full.site != null) {
      Duration age = Duration.ofMillis((System.nanoTime() - full.openedNanos) / 1_000_000);
      return new Leak(core().name(), kind, full.what, full.site, age, full.notes());
    }
    String what = known instanceof Detail full ? full.what : known instanceof String name ? name : core().usualClass();
    Duration age = Seconds.since(slotAndSeconds >>> Chunk.SLOT_BITS, SECONDS_BITS);
    return new Leak(core().name(), kind, what, Leak.NOT_SAMPLED, age, List.of());
  }

  private TrackerCore core() {
    return chunk.stripe.core;
  }
}
