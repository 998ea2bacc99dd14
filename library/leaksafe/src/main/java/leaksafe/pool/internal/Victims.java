package leaksafe.pool.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Which idle objects give way to those of other keys: first those that have been idle for longest.
 *
 * <p>All idle objects are put in order at once, and then serve one eviction after the other, O(1) each, until none of them is left or the next round
 * of the upkeep begins. That order stays right: what has been used since is passed over, and what has become idle since is
 * younger than all that has not been used.
 *
 * <p>Since when an object is idle is what the upkeep saw in its last round. One that it has not yet seen so is the youngest.
 */
final class Victims<T> {
  private record Idle<T>(Slot<T> slot, long state, long since) {}

  private Queue<Idle<T>> known = new ArrayDeque<>(); // guarded by KeyedCore.deciding

  /** Returns a slot, busy now, of another key than that; not one in whose line somebody has waited for longer than since then. Or null. */
  @Nullable Slot<T> claim(Collection<PoolCore<T>> shares, PoolCore<T> except, long since) {
    Slot<T> victim = claimKnown(except, since);
    if (victim == null) {
      known = inOrder(shares);
      victim = claimKnown(except, since);
    }
    return victim;
  }

  private @Nullable Slot<T> claimKnown(PoolCore<T> except, long since) {
    for (Iterator<Idle<T>> iterator = known.iterator(); iterator.hasNext(); ) {
      Idle<T> idle = iterator.next();
      PoolCore<T> share = idle.slot.core;
      if (share != except && !share.line.hasHeadBefore(since)) {
        iterator.remove();
        if (idle.slot.idle2busy(idle.state)) { // not if it has been used meanwhile
          return idle.slot;
        }
      }
    }
    return null;
  }

  private static <T> Queue<Idle<T>> inOrder(Collection<PoolCore<T>> shares) {
    List<Idle<T>> all = new ArrayList<>();
    for (PoolCore<T> share : shares) {
      for (Slot<T> slot : share.slots.all()) {
        long state = slot.state();
        if (Slot.isIdle(state)) {
          all.add(new Idle<>(slot, state, state == slot.stateSeen ? slot.idleSince : Long.MAX_VALUE)); // the upkeep's: a guess will do
        }
      }
    }
    all.sort(Comparator.comparingLong(Idle::since));
    return new ArrayDeque<>(all);
  }

  /** Forgets the order, lest it hold keys and objects that are gone. */
  void forget() {
    known = new ArrayDeque<>(0);
  }
}
