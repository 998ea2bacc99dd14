package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** What an entry needs beyond {@link FullNode} in a cache that refreshes or that has groups: 32 bytes on JDK 17. */
final class Extras<N> {
  private static final VarHandle RELOAD;

  static {
    try {
      RELOAD = MethodHandles.lookup().findVarHandle(Extras.class, "reload", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** From when on the value is stale. Written under the segment's lock; a late view only delays or repeats a check. */
  volatile long refreshAt;

  /** Whether the value was read since it was written: written by readers, once, and cleared by writers; a lost update is harmless. */
  volatile boolean read;

  // The reload that may replace the value, by which it knows the value for its own: every write of the value clears this.
  private volatile @Nullable Object reload;

  /** The first of the entry's memberships in groups; guarded by the segment's lock. */
  GroupIndex.@Nullable Member<N> members;

  boolean isReloading() {
    return reload != null;
  }

  boolean isReloadedBy(Reload<?, ?, ?> by) {
    return reload == by;
  }

  /** Gives the value to the reload, unless another has it. Atomic: of many readers that see the same stale value one wins. */
  boolean claim(Reload<?, ?, ?> by) {
    return RELOAD.compareAndSet(this, null, by);
  }

  /** Takes the value back from the reload, if it still has it. */
  void release(Reload<?, ?, ?> by) {
    RELOAD.compareAndSet(this, by, null);
  }

  /** A value was written. Under the segment's lock. */
  void written(long staleFrom) {
    read = false;
    refreshAt = staleFrom; // before the reload is cleared: who claims after that sees it when it looks again
    reload = null;
  }
}
