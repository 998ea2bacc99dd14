package leaksafe.heap.internal;

import java.util.List;
import leaksafe.heap.HeapDumpException;

/**
 * Immediate dominators and retained sizes of all reachable objects, exact. Semi-NCA: semidominators by path compression over a
 * depth-first tree, then the immediate dominator as the nearest common ancestor on that tree.
 *
 * <p>Vertices are preorder numbers from 1 to {@link #count} (unsigned); 0 is a root above all roots. Time is near linear in the edges.
 *
 * <p>Source: L. Georgiadis, "Linear-time algorithms for dominators and related problems", Princeton, 2005, section 2.3.
 */
final class Dominators {
  private static final int FLIP = Integer.MIN_VALUE;

  private static final long LOW = 0xFFFF_FFFFL;
  private static final int LABEL_SHIFT = 32;

  private final HeapGraph graph;
  private final MemoryBudget budget;
  /** From object to vertex, while the objects are numbered (then a stack), and back. */
  private final IntTable vertexOf;
  private final IntTable objectOf;
  private final IntTable dominator;
  /** At first of each vertex the label, and below it the ancestor: the parent, then what compression of the path made of it. */
  private final LongTable retained;
  private final IntTable firstChild;
  private final IntTable nextSibling;
  private int count;

  /** Computes the tree. */
  Dominators(HeapGraph graph, List<Integer> seeds) throws HeapDumpException {
    this.graph = graph;
    budget = graph.file.budget;
    vertexOf = new IntTable(graph.count + 1, budget, "the dominators");
    objectOf = new IntTable(graph.count + 1, budget, "the dominators");
    // At first the parent on the depth-first tree.
    dominator = new IntTable(graph.count + 1, budget, "the dominators");
    CrossEdges crossing = new CrossEdges(graph.count + 1, budget);
    // Each table that is done with, or not needed yet, gets another use: fresh memory costs the machine more than the work on it. The ways from the root
    // may be as long as there are objects, a list of them for one, so they are in tables too.
    IntTable semi = new IntTable(graph.count + 1, budget, "the dominators");
    number(seeds, crossing, semi);
    retained = new LongTable(count() + 1, budget, "the retained sizes");
    semidominators(crossing, semi, retained, vertexOf);
    firstChild = crossing.release();
    for (long v = 1; v <= count(); v++) {
      int wanted = semi.get((int) v) + FLIP;
      int at = dominator.get((int) v);
      while (at + FLIP > wanted) {
        at = dominator.get(at);
      }
      dominator.set((int) v, at);
    }
    nextSibling = semi;
    semi.clear();
    for (long v = 0; v <= count(); v++) {
      retained.set((int) v, v == 0 ? 0 : graph.size(objectOf.get((int) v)));
    }
    // A vertex comes after its dominator, so all below it is summed up before it is added to what is above.
    for (long v = count(); v >= 1; v--) {
      int vertex = (int) v;
      int above = dominator.get(vertex);
      retained.add(above, retained.get(vertex));
      nextSibling.set(vertex, firstChild.get(above));
      firstChild.set(above, vertex);
    }
  }

  /**
   * Numbers the reachable objects in preorder, and notes the references that are not on the tree. Most objects have one referrer, their
   * parent on the tree, which then dominates them. The class objects among the seeds are dominated by the root above all roots whoever
   * refers to them, so that the references from their many instances are left out.
   *
   * @param followed of each vertex on the way from the root, by its depth, how many of its references were followed, that to its class the last
   */
  private void number(List<Integer> seeds, CrossEdges crossing, IntTable followed) throws HeapDumpException {
    Ticks ticks = new Ticks(graph.file.options().progress(), "dominators", graph.count);
    boolean[] isSeed = new boolean[graph.classes.size()];
    for (int seed : seeds) {
      if (graph.isClass(seed)) {
        isSeed[graph.typeOf(seed).index] = true;
      }
    }
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    for (int seed : seeds) {
      if (vertexOf.get(seed) != 0) {
        continue;
      }
      enter(seed, 0);
      int vertex = count;
      long depth = 0;
      followed.set(0, 0);
      while (depth >= 0) {
        graph.open(objectOf.get(vertex), cursor);
        int[] targets = cursor.targets;
        int place = cursor.from + followed.get((int) depth);
        boolean down = false;
        while (place < cursor.to && !down) {
          int target = targets[place++];
          down = target != 0 && reach(target, vertex, isSeed, crossing);
        }
        if (place == cursor.to && !down) {
          place++;
          down = cursor.classObject != 0 && reachClass(cursor.classObject, cursor.type.index, vertex, isSeed, crossing);
        }
        followed.set((int) depth, place - cursor.from);
        if (down) {
          ticks.at(count());
          vertex = count;
          followed.set((int) ++depth, 0);
        } else {
          depth--;
          vertex = dominator.get(vertex);
        }
      }
    }
    for (int seed : seeds) {
      crossing.add(vertexOf.get(seed), 0);
    }
    ticks.end();
  }

  /** Follows a reference; returns whether it led to a new object that has references to follow. */
  private boolean reach(int target, int source, boolean[] isSeed, CrossEdges crossing) throws HeapDumpException {
    int seen = vertexOf.get(target);
    if (seen != 0) {
      crossing.add(seen, source);
      return false;
    }
    enter(target, source);
    int classObject = graph.onlyClass(target);
    if (classObject == HeapGraph.NO_LEAF || classObject != 0 && vertexOf.get(classObject) == 0) {
      return true;
    }
    if (classObject != 0) {
      reachClass(classObject, graph.classOf(target), count, isSeed, crossing);
    }
    return false;
  }

  private boolean reachClass(int classObject, int index, int source, boolean[] isSeed, CrossEdges crossing) throws HeapDumpException {
    return !(isSeed[index] && vertexOf.get(classObject) != 0) && reach(classObject, source, isSeed, crossing);
  }

  private void enter(int object, int parent) {
    vertexOf.set(object, ++count);
    objectOf.set(count, object);
    dominator.set(count, parent);
  }

  private void semidominators(CrossEdges crossing, IntTable semi, LongTable forest, IntTable stack) {
    for (long v = 0; v <= count(); v++) {
      forest.set((int) v, v << LABEL_SHIFT | dominator.get((int) v) & LOW);
    }
    for (int w = count; w != 0; w--) {
      int best = dominator.get(w);
      for (int place = crossing.first(w); place != 0; place = crossing.next(place)) {
        int v = crossing.source(place);
        int candidate = v;
        if (v + FLIP > w + FLIP) {
          // Compress the path up to the part of the tree that is not linked yet.
          long depth = 0;
          int at = v;
          long entry = forest.get(at);
          while ((int) entry + FLIP > w + FLIP) {
            stack.set((int) depth++, at);
            at = (int) entry;
            entry = forest.get(at);
          }
          long above = entry & LOW;
          int label = (int) (entry >>> LABEL_SHIFT);
          while (depth > 0) {
            at = stack.get((int) --depth);
            int own = (int) (forest.get(at) >>> LABEL_SHIFT);
            label = semi.get(label) + FLIP < semi.get(own) + FLIP ? label : own;
            forest.set(at, (long) label << LABEL_SHIFT | above);
          }
          candidate = semi.get(label);
        }
        if (candidate + FLIP < best + FLIP) {
          best = candidate;
        }
      }
      semi.set(w, best);
    }
  }

  /** Tells the budget that the tree is about to be dropped. */
  void release() {
    List.of(vertexOf, objectOf, dominator, firstChild, nextSibling).forEach(table -> table.release(budget));
    retained.release(budget);
  }

  /** Returns how many objects are reachable. */
  long count() {
    return count & 0xFFFF_FFFFL;
  }

  /** Returns the object of a vertex. */
  int object(int vertex) {
    return objectOf.get(vertex);
  }

  /** Returns the vertex that dominates the given one immediately, 0 for the root above all roots. */
  int dominator(int vertex) {
    return dominator.get(vertex);
  }

  /** Returns the first of the vertices that the given one dominates immediately, 0 if there is none. */
  int firstChild(int vertex) {
    return firstChild.get(vertex);
  }

  /** Returns the next vertex with the same dominator, 0 if there is none. */
  int nextSibling(int vertex) {
    return nextSibling.get(vertex);
  }

  /** Returns the bytes that would be freed if the object of the vertex went, and all reachable ones for vertex 0. */
  long retained(int vertex) {
    return retained.get(vertex);
  }
}
