package leaksafe.heap.internal;

import java.util.Arrays;
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

  private final HeapGraph graph;
  private final MemoryBudget budget;
  /** From object to vertex and back. */
  private final IntTable vertexOf;
  private final IntTable objectOf;
  private final IntTable dominator;
  private final LongTable retained;
  private int count;
  private long references;

  /** Computes the tree. */
  Dominators(HeapGraph graph, List<Integer> seeds) throws HeapDumpException {
    this.graph = graph;
    budget = graph.file.budget;
    vertexOf = new IntTable(graph.count + 1, budget, "the dominators");
    objectOf = new IntTable(graph.count + 1, budget, "the dominators");
    // At first the parent on the depth-first tree.
    dominator = new IntTable(graph.count + 1, budget, "the dominators");
    IntTable degrees = new IntTable(graph.count + 1, budget, "the referrers");
    number(seeds, degrees);
    IntTable starts = starts(degrees);
    degrees.release(budget);
    IntTable semi = semidominators(seeds, starts);
    for (long v = 1; v <= count(); v++) {
      int wanted = semi.get((int) v) + FLIP;
      int at = dominator.get((int) v);
      while (at + FLIP > wanted) {
        at = dominator.get(at);
      }
      dominator.set((int) v, at);
    }
    semi.release(budget);
    retained = new LongTable(count() + 1, budget, "the retained sizes");
    for (long v = count(); v >= 1; v--) {
      int vertex = (int) v;
      retained.add(vertex, graph.size(objectOf.get(vertex)));
      retained.add(dominator.get(vertex), retained.get(vertex));
    }
  }

  /** Numbers the reachable objects in preorder, and counts how many references lead to each object. */
  private void number(List<Integer> seeds, IntTable degrees) {
    Ticks ticks = new Ticks(graph.file.options().progress(), "dominators", graph.count);
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    int[] stack = new int[1024];
    int[] next = new int[1024];
    int next0;
    for (int seed : seeds) {
      count(seed, degrees);
      if (vertexOf.get(seed) != 0) {
        continue;
      }
      int depth = 0;
      enter(seed, 0);
      stack[0] = seed;
      next[0] = 0;
      while (depth >= 0) {
        int object = stack[depth];
        graph.open(object, cursor);
        int degree = cursor.to - cursor.from;
        int child = 0;
        for (next0 = next[depth]; next0 < degree; next0++) {
          int target = cursor.targets[cursor.from + next0];
          if (target != 0) {
            count(target, degrees);
            if (vertexOf.get(target) == 0) {
              child = target;
              break;
            }
          }
        }
        if (child == 0 && next0 == degree && cursor.classObject != 0) {
          count(cursor.classObject, degrees);
          if (vertexOf.get(cursor.classObject) == 0) {
            child = cursor.classObject;
          }
        }
        next[depth] = next0 + 1;
        if (child == 0) {
          depth--;
          continue;
        }
        enter(child, vertexOf.get(object));
        if ((count & 0xFFFF) == 0) {
          ticks.at(count());
        }
        depth++;
        if (depth == stack.length) {
          stack = Arrays.copyOf(stack, depth * 2);
          next = Arrays.copyOf(next, depth * 2);
        }
        stack[depth] = child;
        next[depth] = 0;
      }
    }
    ticks.end();
  }

  private void enter(int object, int parent) {
    vertexOf.set(object, ++count);
    objectOf.set(count, object);
    dominator.set(count, parent);
  }

  private void count(int target, IntTable degrees) {
    degrees.increment(target);
    references++;
  }

  /** Returns for each vertex where its referrers end: they are filled in from the end. */
  private IntTable starts(IntTable degrees) throws HeapDumpException {
    if (references >= 0xFFFF_FFFFL) {
      throw new HeapDumpException("the dump has " + references + " references; dominators are computed up to 4294967294", -1);
    }
    IntTable starts = new IntTable(count() + 2, budget, "the referrers");
    int sum = 0;
    for (long v = 1; v <= count(); v++) {
      sum += degrees.get(objectOf.get((int) v));
      starts.set((int) v, sum);
    }
    starts.set((int) (count() + 1), sum);
    return starts;
  }

  private IntTable semidominators(List<Integer> seeds, IntTable starts) throws HeapDumpException {
    IntTable sources = referrers(seeds, starts);
    IntTable semi = new IntTable(count() + 1, budget, "the dominators");
    IntTable label = new IntTable(count() + 1, budget, "the dominators");
    IntTable ancestor = new IntTable(count() + 1, budget, "the dominators");
    for (long v = 0; v <= count(); v++) {
      semi.set((int) v, (int) v);
      label.set((int) v, (int) v);
      ancestor.set((int) v, dominator.get((int) v));
    }
    int[] stack = new int[1024];
    for (int w = count; w != 0; w--) {
      int best = dominator.get(w);
      for (int k = starts.get(w); k != starts.get(w + 1); k++) {
        int v = sources.get(k);
        int candidate;
        if (v + FLIP <= w + FLIP) {
          candidate = v;
        } else {
          // Compress the path up to the part of the tree that is not linked yet.
          int top = v;
          int depth = 0;
          while (ancestor.get(top) + FLIP > w + FLIP) {
            if (depth == stack.length) {
              stack = Arrays.copyOf(stack, depth * 2);
            }
            stack[depth++] = top;
            top = ancestor.get(top);
          }
          int above = ancestor.get(top);
          int previous = top;
          while (depth > 0) {
            int at = stack[--depth];
            if (semi.get(label.get(previous)) + FLIP < semi.get(label.get(at)) + FLIP) {
              label.set(at, label.get(previous));
            }
            ancestor.set(at, above);
            previous = at;
          }
          candidate = semi.get(label.get(v));
        }
        if (candidate + FLIP < best + FLIP) {
          best = candidate;
        }
      }
      semi.set(w, best);
    }
    starts.release(budget);
    sources.release(budget);
    label.release(budget);
    ancestor.release(budget);
    return semi;
  }

  /** Returns the sources of the edges into each vertex, in vertices; the ends in {@code starts} become their first places. */
  private IntTable referrers(List<Integer> seeds, IntTable starts) throws HeapDumpException {
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    IntTable sources = new IntTable(references + 1, budget, "the referrers");
    for (int seed : seeds) {
      put(vertexOf.get(seed), 0, starts, sources);
    }
    for (long v = 1; v <= count(); v++) {
      int vertex = (int) v;
      graph.open(objectOf.get(vertex), cursor);
      for (int i = cursor.from; i < cursor.to; i++) {
        int target = cursor.targets[i];
        if (target != 0) {
          put(vertexOf.get(target), vertex, starts, sources);
        }
      }
      if (cursor.classObject != 0) {
        put(vertexOf.get(cursor.classObject), vertex, starts, sources);
      }
    }
    return sources;
  }

  private static void put(int target, int source, IntTable starts, IntTable sources) {
    int place = starts.get(target) - 1;
    starts.set(target, place);
    sources.set(place, source);
  }

  /** Returns how many objects are reachable. */
  long count() {
    return count & 0xFFFF_FFFFL;
  }

  /** Returns the vertex of an object, 0 if it is not reachable. */
  int vertex(int object) {
    return vertexOf.get(object);
  }

  int object(int vertex) {
    return objectOf.get(vertex);
  }

  /** Returns the vertex that dominates the given one immediately, 0 for the root above all roots. */
  int dominator(int vertex) {
    return dominator.get(vertex);
  }

  /** Returns the bytes that would be freed if the object of the vertex went, and all reachable ones for vertex 0. */
  long retained(int vertex) {
    return retained.get(vertex);
  }
}
