package leaksafe.resource.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.resource.internal.ScopeState.OwnerCheck;

/**
 * Moves everything that one scope owns to another in one step.
 *
 * <p><b>Locks.</b> One thread at a time moves, in all scopes together: or two could each move the place of the other's target, and the two scopes
 * would be inside of each other, closed by nobody. That thread alone waits for the lock of a scope while it holds another's, so no two threads wait for
 * each other, in whatever order it takes them.
 *
 * <p><b>Owners.</b> Where the target is bound to an owner, or inside of a scope that is, all that moves is searched for the owner, outside of the
 * locks, for the search may load classes, which is users' business. Then the locks of the target, of the source and of all that is inside of it are
 * taken; if others have added something since, this is given up to search for that, too. What is added to them later is searched for the new owner by
 * {@link ScopeState#add}.
 */
final class ScopeMove {
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  private final ScopeState from;
  private final ScopeState to;
  private final List<ScopeState> locked = new ArrayList<>();
  private final Set<Entry> searched = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Entry> unsearched = new ArrayList<>();
  private List<OwnerCheck> owners = List.of();

  private ScopeMove(ScopeState from, ScopeState to) {
    this.from = from;
    this.to = to;
  }

  /** See {@link ScopeState#moveAllTo}; the scopes are not the same. */
  static void move(ScopeState from, ScopeState to) {
    ScopeMove move = new ScopeMove(from, to);
    while (!move.tryMove()) {
      move.search();
    }
  }

  private boolean tryMove() {
    ONE_AT_A_TIME.lock();
    try {
      lock(to);
      lock(from);
      from.requireOpen();
      to.requireOpen();
      to.refuseIfInside(from);
      if (!to.owners().equals(owners)) { // the first time, and if the target was moved itself
        owners = to.owners();
        searched.clear();
      }
      unsearched.clear();
      if (!owners.isEmpty()) {
        collect();
      }
      if (unsearched.isEmpty()) {
        from.entries().moveAllTo(to.entries());
      }
      return unsearched.isEmpty();
    } finally {
      locked.forEach(ScopeState::unlock);
      locked.clear();
      ONE_AT_A_TIME.unlock();
    }
  }

  private void lock(ScopeState scope) {
    scope.lock();
    locked.add(scope);
  }

  private void collect() {
    ArrayDeque<ScopeState> left = new ArrayDeque<>(List.of(from));
    for (ScopeState scope = left.poll(); scope != null; scope = left.poll()) {
      for (Entry entry : scope.entries().copy()) {
        ScopeState inside = entry.scope();
        if (inside != null) {
          lock(inside);
          left.add(inside);
        } else if (!searched.contains(entry)) {
          unsearched.add(entry);
        }
      }
    }
  }

  private void search() {
    for (Entry entry : unsearched) {
      String path = ScopeState.path(entry, owners);
      if (path != null) {
        throw new IllegalArgumentException(
            to.name() + ": what is handed over to this scope would keep the scope's owner alive (" + path + "); nothing was handed over");
      }
    }
    searched.addAll(unsearched);
  }
}
