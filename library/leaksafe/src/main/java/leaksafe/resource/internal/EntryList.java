package leaksafe.resource.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The list of what a scope owns, the newest on top. All of it is called under the scope's lock. */
final class EntryList {
  private final ScopeState scope;
  private @Nullable Entry top;
  private int size;

  EntryList(ScopeState scope) {
    this.scope = scope;
  }

  int size() {
    return size;
  }

  void push(Entry entry) {
    entry.below = top;
    if (top != null) {
      top.above = entry;
    }
    top = entry;
    // Volatile: see Entry.leave().
    entry.home = scope;
    size++;
  }

  /** Takes out the topmost entry, or returns null if there is none. */
  @Nullable Entry pop() {
    Entry entry = top;
    if (entry != null) {
      unlink(entry);
    }
    return entry;
  }

  /** Takes an entry out. Returns false if it is not in this list (any more). */
  boolean remove(Entry entry) {
    if (entry.home != scope) {
      return false;
    }
    unlink(entry);
    return true;
  }

  /** Takes out the topmost entry for an object, or returns null if there is none. */
  @Nullable Entry removeFor(Object subject) {
    for (Entry entry = top; entry != null; entry = entry.below) {
      if (entry.subject() == subject) {
        unlink(entry);
        return entry;
      }
    }
    return null;
  }

  private void unlink(Entry entry) {
    Entry above = entry.above;
    Entry below = entry.below;
    if (above == null) {
      top = below;
    } else {
      above.below = below;
    }
    if (below != null) {
      below.above = above;
    }
    entry.above = null;
    entry.below = null;
    entry.home = null;
    size--;
  }

  /** Moves all entries on top of another scope's, in their order. Under the lock of that scope, too. */
  void moveAllTo(EntryList that) {
    Entry bottom = top;
    while (bottom != null && bottom.below != null) {
      bottom = bottom.below;
    }
    for (Entry entry = bottom; entry != null; ) {
      Entry next = entry.above;
      unlink(entry);
      that.push(entry);
      entry = next;
    }
  }

  /** Returns the entries of now, the topmost first. */
  List<Entry> copy() {
    List<Entry> entries = new ArrayList<>(size);
    for (Entry entry = top; entry != null; entry = entry.below) {
      entries.add(entry);
    }
    return entries;
  }
}
