package leaksafe.registry;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import leaksafe.registry.internal.WeakBins;
import org.jspecify.annotations.Nullable;

/**
 * The values of one registry that live in their keys, and the list of those keys, by their attachments and weakly: for iteration, for
 * the count, and to give the slots back when the registry is closed or gone.
 *
 * <p>That a slot has a value and that its attachments are on the list changes together, under the lock of the attachments' stripe. A
 * value is replaced by another without the lock.
 *
 * <p>It holds nothing that a user made, so it may be held by something immortal while its registry is waiting to be collected.
 */
final class Roster extends WeakBins<Attachments> {
  private final Object token = new Object();

  Roster(String name) {
    super(name);
  }

  /** Returns the value in those attachments, or null if there is none. */
  @Nullable Object get(Attachments attachments, Object key) {
    Slot slot = attachments.find(token, key);
    return slot == null ? null : slot.value();
  }

  /** Sets the value, and returns the one before, or null if there was none. */
  @Nullable Object put(Attachments attachments, Object key, Object value) {
    requireOpen();
    Slot slot = attachments.findOrAdd(token, key);
    Object seen = slot.value();
    return seen != null && slot.replaceValue(seen, value) ? seen : put(attachments, slot, value, false);
  }

  /** Sets the value unless there is one, and returns that, or null if there was none. */
  @Nullable Object putIfAbsent(Attachments attachments, Object key, Object value) {
    requireOpen();
    Slot slot = attachments.findOrAdd(token, key);
    Object seen = slot.value();
    return seen != null ? seen : put(attachments, slot, value, true);
  }

  private @Nullable Object put(Attachments attachments, Slot slot, Object value, boolean onlyIfAbsent) {
    int hash = System.identityHashCode(attachments);
    ReentrantLock lock = stripe(hash);
    lock.lock();
    try {
      Object before = slot.value();
      if (before == null) {
        list(attachments, hash);
      } else if (onlyIfAbsent) {
        return before;
      }
      slot.setValue(value);
      if (before != null) {
        return before;
      }
    } finally {
      lock.unlock();
    }
    fit(hash);
    return null;
  }

  private void list(Attachments attachments, int hash) {
    try {
      insert(new Node<>(attachments, hash, this));
    } catch (IllegalStateException e) { // closed meanwhile: whoever closes does not see attachments that are not on the list
      attachments.giveBack(token);
      throw e;
    }
  }

  /** Removes the value if it is the expected one, or if null is expected, and returns it, or null if there was none. */
  @Nullable Object remove(Attachments attachments, Object key, @Nullable Object expected) {
    Slot slot = attachments.find(token, key);
    if (slot == null) {
      return null;
    }
    int hash = System.identityHashCode(attachments);
    ReentrantLock lock = stripe(hash);
    Object removed;
    lock.lock();
    try {
      Object before = slot.value();
      while (before != null && (expected == null || before == expected)) {
        // It fails if the value is replaced at this moment.
        if (slot.replaceValue(before, null)) {
          removeNodeOf(attachments, hash);
          break;
        }
        before = slot.value();
      }
      removed = expected == null || before == expected ? before : null;
    } finally {
      lock.unlock();
    }
    fit(hash);
    return removed;
  }

  private void removeNodeOf(Attachments attachments, int hash) {
    Node<Attachments> node = find(attachments, hash);
    if (node != null) {
      remove(node);
      node.clear(); // so that the collector need not enqueue it
    }
  }

  /** Shows the keys with their values, outside the locks. */
  void forEach(BiConsumer<Object, Object> action) {
    forEachNode(node -> {
      Attachments attachments = node.get();
      Slot slot = attachments == null ? null : attachments.find(token);
      Object key = attachments == null ? null : attachments.owner();
      Object value = slot == null ? null : slot.value();
      if (key != null && value != null) {
        action.accept(key, value);
      }
    });
  }

  /** Closes the list for insertions and gives back the slots in keys that live. */
  void close() {
    closeElements(attachments -> attachments.giveBack(token));
  }

  @Override
  protected void collected(Node<Attachments> node) {
    // The value went with the key.
  }
}
