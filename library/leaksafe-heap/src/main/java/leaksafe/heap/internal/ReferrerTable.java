package leaksafe.heap.internal;

import leaksafe.heap.HeapDumpException;

/** Who refers to each object: the graph the other way round, 4 bytes an edge and 4 an object (8 beyond 2^32 edges). */
final class ReferrerTable {
  private final IntTable starts;
  private final IntTable sources;
  private final MemoryBudget budget;

  /** Turns the graph around. Only what is reachable by the search counts. */
  ReferrerTable(HeapGraph graph, PathWalk walk) throws HeapDumpException {
    budget = graph.file.budget;
    starts = new IntTable(graph.count + 2, budget, "the referrers");
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    long total = 0;
    for (long o = 1; o <= graph.count; o++) {
      int object = (int) o;
      if (walk.isReachable(object)) {
        graph.open(object, cursor);
        for (int i = cursor.from; i < cursor.to; i++) {
          if (cursor.targets[i] != 0) {
            starts.increment(cursor.targets[i]);
            total++;
          }
        }
        if (cursor.classObject != 0) {
          starts.increment(cursor.classObject);
          total++;
        }
      }
    }
    if (total >= 0xFFFF_FFFFL) {
      throw new HeapDumpException("the dump has " + total + " references; their direction can be turned up to 4294967294", -1);
    }
    sources = new IntTable(total + 1, budget, "the referrers");
    int sum = 0;
    for (long o = 0; o <= graph.count + 1; o++) {
      int degree = starts.get((int) o);
      sum += degree;
      starts.set((int) o, sum);
    }
    for (long o = graph.count; o >= 1; o--) {
      int object = (int) o;
      if (walk.isReachable(object)) {
        graph.open(object, cursor);
        for (int i = cursor.from; i < cursor.to; i++) {
          if (cursor.targets[i] != 0) {
            add(cursor.targets[i], object);
          }
        }
        if (cursor.classObject != 0) {
          add(cursor.classObject, object);
        }
      }
    }
  }

  private void add(int target, int source) {
    int place = starts.get(target) - 1;
    starts.set(target, place);
    sources.set(place, source);
  }

  /** Returns the first place of the object's referrers; they end before that of the next object. */
  int first(int object) {
    return starts.get(object);
  }

  int source(int place) {
    return sources.get(place);
  }

  /** Tells the budget that the table is about to be dropped. */
  void release() {
    starts.release(budget);
    sources.release(budget);
  }
}
