package leaksafe.event.internal;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions to one topic, or to one type of a bus, in the order of delivery: by falling priority, then by order. Everything here
 * is done under the lock of the hub, but for {@link #remove}, which takes it.
 *
 * <p>An array with gaps: removing is O(1), and so is adding at the end, amortized over the removal of the gaps. Adding amid
 * moves what comes behind.
 */
final class Roster {
  private static final int LEAST_CAPACITY = 4;

  final Hub hub;
  final @Nullable EventType type;
  private @Nullable Entry[] slots = new Entry[LEAST_CAPACITY];
  private int end; // the slot before it is not a gap
  private int size;

  Roster(Hub hub, @Nullable EventType type) {
    this.hub = hub;
    this.type = type;
  }

  int size() {
    return size;
  }

  /** Returns the binding of the last entry if it does for another, else a new one: made only then, since the garbage would lie between the entries. */
  Binding bindingFor(Held<BiConsumer<Object, Object>> handler, @Nullable Held<Predicate<Object>> filter, @Nullable Executor executor) {
    Entry last = end == 0 ? null : slots[end - 1];
    Binding theirs = last == null ? null : last.binding;
    return theirs != null && filter == null && executor == null && theirs.isPlainFor(handler) ? theirs
        : new Binding(this, handler, filter, executor);
  }

  void add(Entry entry) {
    if (end == slots.length) {
      makeRoom();
    }
    int at = placeOf(entry.priority);
    for (int i = end; i > at; i--) {
      put(i, slots[i - 1]);
    }
    put(at, entry);
    end++;
    size++;
  }

  /** Returns the place behind the last entry of the same or a higher priority. */
  private int placeOf(int priority) {
    int place = end;
    for (int i = end - 1; i >= 0; i--) {
      Entry entry = slots[i];
      if (entry != null && entry.priority >= priority) {
        break;
      } else if (entry != null) {
        place = i;
      }
    }
    return place;
  }

  private void put(int at, @Nullable Entry entry) {
    slots[at] = entry;
    if (entry != null) {
      entry.index = at;
    }
  }

  /** Removes the gaps; then the array is at most half full. */
  private void makeRoom() {
    @Nullable Entry[] old = slots;
    slots = new Entry[Math.max(LEAST_CAPACITY, size * 2)];
    int to = 0;
    for (int i = 0; i < end; i++) {
      if (old[i] != null) {
        put(to++, old[i]);
      }
    }
    end = to;
  }

  /** Removes the entry, if it is there. */
  void remove(Entry entry) {
    hub.remove(this, entry);
  }

  /** Removes the entry, and returns whether it was there. */
  boolean drop(Entry entry) {
    int at = entry.index;
    if (at >= end || slots[at] != entry) {
      return false;
    }
    slots[at] = null;
    size--;
    while (end > 0 && slots[end - 1] == null) {
      end--;
    }
    if (slots.length > LEAST_CAPACITY && size < slots.length / 8) {
      makeRoom();
    }
    return true;
  }

  /** Adds the entries to the list, in order. */
  void collect(List<Entry> into) {
    for (int i = 0; i < end; i++) {
      Entry entry = slots[i];
      if (entry != null) {
        into.add(entry);
      }
    }
  }

  /** Removes all. */
  void clear() {
    Arrays.fill(slots, null);
    end = 0;
    size = 0;
  }
}
