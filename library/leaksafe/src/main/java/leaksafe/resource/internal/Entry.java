package leaksafe.resource.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a scope has to do when it is closed: a place in the scope's list, which is doubly linked so that what ends early
 * (a child scope, a thread) leaves in O(1), and a long-lived scope holds only what is still open.
 */
public abstract class Entry {
  /** The scope whose list this is in, or null. Written under that scope's lock; a reader without the lock must check again under it. */
  volatile @Nullable ScopeState home;

  // Guarded by the lock of `home`.
  @Nullable Entry below;
  @Nullable Entry above;

  /**
   * Begins, once this is in a scope's list, under the scope's lock: so it is closed after it began, or never begins. If it throws, it is taken out
   * again.
   */
  void begin() {}

  /** Does it. Called at most once, after the entry left the list, under no lock. */
  abstract void close(Closing closing) throws Exception;

  /** Returns the object that the user knows this entry by, or null. */
  @Nullable Object subject() {
    return null;
  }

  /** Returns the scope that this entry closes as a part of the one that it is in, or null if it is something else. */
  public @Nullable ScopeState scope() {
    return null;
  }

  /** Returns what could reach the owner of a scope that is bound to one: the resource, its closer, the action. */
  List<Object> held() {
    return List.of();
  }

  /** Takes this entry out of the scope that it is in now. Returns false if it was closed or taken out before. */
  public final boolean leave() {
    while (true) {
      // Volatile: a scope that is handed over moves its entries; remove() checks under the lock whether this is still the one.
      ScopeState scope = home;
      if (scope == null) {
        return false;
      }
      if (scope.remove(this)) {
        return true;
      }
    }
  }
}
