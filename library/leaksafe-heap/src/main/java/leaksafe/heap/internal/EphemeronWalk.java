package leaksafe.heap.internal;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.ReferenceKind;

/**
 * What would be reachable if weak entries were ephemerons: the value of an entry (a weak reference object with fields of its own) counts as
 * held only if the key is held by something else. The search leaves an entry waiting until it has come to its key. Entries that wait
 * to the end keep their keys themselves, alone or in rings of several. Time is linear in the references.
 *
 * <p>Links from entry to entry are followed at once, since they are the map's and not the value's.
 *
 * <p>Source: B. Hayes, "Ephemerons: a new finalization mechanism", OOPSLA 1997.
 */
final class EphemeronWalk {
  private final HeapGraph graph;
  private final ObjectSet reached;
  private final BitSet blocked;
  private final LongQueue queue;
  /** From a key to the place of the last entry that waits for it; entries that wait for the same key are linked by {@link #earlier}. */
  private final IdMap chains = new IdMap();
  private int[] last = new int[64];
  private int[] entries = new int[64];
  private int[] earlier = new int[64];
  private int waiting;
  private long claimed;

  /**
   * Searches.
   *
   * @param seeds the roots
   * @param blocked objects (as positive ints) that are not looked into
   */
  EphemeronWalk(HeapGraph graph, List<Integer> seeds, BitSet blocked) throws HeapDumpException {
    this.graph = graph;
    this.blocked = blocked;
    reached = new ObjectSet(graph, "the search for ephemerons");
    queue = new LongQueue(graph.file.budget);
    for (int seed : seeds) {
      reach(seed);
    }
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    for (int object = (int) queue.poll(); object != 0; object = (int) queue.poll()) {
      if (object > 0 && blocked.get(object)) {
        continue;
      }
      if (isEntry(object) && !reached.contains(graph.referent(object))) {
        await(object);
        follow(object, cursor, true);
      } else {
        follow(object, cursor, false);
      }
    }
    queue.release();
  }

  /** Whether the object is a weak reference to something, with references of its own beside those that every reference has. */
  private boolean isEntry(int object) {
    if (graph.isClass(object)) {
      return false;
    }
    ClassInfo info = graph.typeOf(object);
    return info.referenceKind == ReferenceKind.WEAK && info.referenceOffsets.length > 3 && graph.referent(object) != 0;
  }

  private void await(int entry) throws HeapDumpException {
    if (waiting + 1 == entries.length) {
      graph.file.budget.claim(entries.length * 40L, "the entries of weak maps");
      claimed += entries.length * 40L;
      entries = Arrays.copyOf(entries, entries.length * 2);
      earlier = Arrays.copyOf(earlier, entries.length);
      last = Arrays.copyOf(last, entries.length);
    }
    int place = ++waiting;
    entries[place] = entry;
    int key = graph.referent(entry);
    int chain = chains.size() + 1;
    if (chains.putIfAbsent(key, chain)) {
      last[chain] = place;
    } else {
      chain = chains.get(key);
      earlier[place] = last[chain];
      last[chain] = place;
    }
  }

  private void follow(int object, HeapGraph.Cursor cursor, boolean onlyLinks) throws HeapDumpException {
    graph.open(object, cursor);
    int canonical = onlyLinks ? graph.typeOf(object).canonical : 0;
    for (int i = cursor.from; i < cursor.to; i++) {
      int target = cursor.targets[i];
      if (target != 0 && !reached.contains(target)
          && (!onlyLinks || !graph.isClass(target) && graph.typeOf(target).canonical == canonical)) {
        reach(target);
      }
    }
    if (cursor.classObject != 0) {
      reach(cursor.classObject);
    }
  }

  private void reach(int object) throws HeapDumpException {
    if (!reached.add(object)) {
      return;
    }
    queue.add(object);
    int chain = chains.get(object);
    if (chain != IdMap.ABSENT) {
      for (int place = last[chain]; place != 0; place = earlier[place]) {
        queue.add(entries[place]); // Its key is there now, so the second visit follows all.
      }
    }
  }

  /** Returns the entries that nothing but entries like them keeps the keys of. */
  int[] keepers() {
    return IntStream.rangeClosed(1, waiting).map(place -> entries[place]).filter(entry -> !reached.contains(graph.referent(entry))).toArray();
  }

  /** Tells the budget that the walk is about to be dropped. */
  void release() {
    reached.release();
    graph.file.budget.release(claimed);
    claimed = 0;
  }
}
