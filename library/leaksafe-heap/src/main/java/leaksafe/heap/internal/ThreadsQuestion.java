package leaksafe.heap.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.Report;

/**
 * What threads hold: by their frames, by their thread-locals. Sizes are those of what was first reached through the thread, the object on
 * its stack or the value of the thread-local.
 */
final class ThreadsQuestion {
  private static final int FRAMES = 12;
  private static final int LONGEST_NAME = 10_000;
  private static final int OF_NO_THREAD = 1;
  private static final int FIRST_PLACE = 2;
  private static final List<String> LOCALS = List.of("threadLocals", "inheritableThreadLocals");

  private static final class Held {
    final int object;
    final int trace;
    final Map<Integer, List<Integer>> byFrame = new HashMap<>();
    long bytes;
    String name = "";

    Held(int object, int trace) {
      this.object = object;
      this.trace = trace;
    }
  }

  private final HeapGraph graph;
  private final PathWalk walk;
  private final Map<Integer, Held> bySerial = new HashMap<>();
  /** The objects through which threads hold others, with their places in {@link #bytes}. */
  private final Map<Integer, Integer> places = new HashMap<>();
  private long[] bytes = {};

  ThreadsQuestion(HeapGraph graph, PathWalk walk) throws IOException {
    this.graph = graph;
    this.walk = walk;
    Roots roots = graph.roots;
    for (int i = 0; i < roots.size(); i++) {
      int object = graph.index.ordinal(roots.id(i));
      if (roots.kind(i) == Roots.THREAD && object != 0) {
        bySerial.putIfAbsent(roots.thread(i), new Held(object, roots.frame(i)));
      }
    }
    for (int i = 0; i < roots.size(); i++) {
      Held held = bySerial.get(roots.thread(i));
      int object = graph.index.ordinal(roots.id(i));
      if (held != null && object != 0 && (roots.kind(i) == Roots.JAVA_FRAME || roots.kind(i) == Roots.JNI_LOCAL)) {
        held.byFrame.computeIfAbsent(roots.frame(i), f -> new ArrayList<>()).add(object);
      }
    }
    sum();
    if (graph.file.options().contents()) {
      names();
    }
  }

  /**
   * Adds each object to the object of a thread that is next above it on its shortest path: the thread itself, what is on its stack, a value
   * of its thread-locals. What each object hangs from is remembered, so time is linear.
   */
  private void sum() throws HeapDumpException {
    List<Held> threads = new ArrayList<>();
    for (Held held : bySerial.values()) {
      hold(held.object, held, threads);
      for (List<Integer> objects : held.byFrame.values()) {
        for (int object : objects) {
          if (walk.isReachable(object) && walk.parent(object) == 0) {
            hold(object, held, threads);
          }
        }
      }
      values(held, (entry, value) -> {
        // What also hangs elsewhere, nearer to a root, does not count for the thread.
        if (walk.isReachable(value) && walk.parent(value) == entry) {
          hold(value, held, threads);
        }
      });
    }
    IntTable owners = new IntTable(graph.count + 1, graph.file.budget, "the threads of objects");
    places.forEach((object, place) -> owners.set(object, place + FIRST_PLACE));
    bytes = new long[threads.size()];
    int[] path = new int[64];
    for (long o = 1; o <= graph.count; o++) {
      int at = (int) o;
      if (!walk.isReachable(at)) {
        continue;
      }
      int depth = 0;
      while (owners.get(at) == 0 && walk.parent(at) != 0) {
        if (depth == path.length) {
          path = Arrays.copyOf(path, depth * 2);
        }
        path[depth++] = at;
        at = walk.parent(at);
      }
      int owner = Math.max(OF_NO_THREAD, owners.get(at));
      owners.set(at, owner);
      while (depth > 0) {
        owners.set(path[--depth], owner);
      }
      if (owner != OF_NO_THREAD) {
        bytes[owner - FIRST_PLACE] += graph.size((int) o);
        threads.get(owner - FIRST_PLACE).bytes += graph.size((int) o);
      }
    }
    owners.release(graph.file.budget);
  }

  private void hold(int object, Held held, List<Held> threads) {
    if (places.putIfAbsent(object, threads.size()) == null) {
      threads.add(held);
    }
  }

  /** Returns what was first reached through the object, which is not counted again for another frame it is on. */
  private long bytesOnce(int object) {
    Integer place = places.remove(object);
    return place == null ? 0 : bytes[place];
  }

  private interface Value {
    void of(int entry, int value);
  }

  private void values(Held held, Value consumer) {
    for (String field : LOCALS) {
      int table = follow(follow(held.object, field), "table");
      if (table != 0) {
        HeapGraph.Cursor cursor = new HeapGraph.Cursor();
        graph.open(table, cursor);
        for (int i = cursor.from; i < cursor.to; i++) {
          int entry = cursor.targets[i];
          int value = entry == 0 ? 0 : follow(entry, "value");
          if (value != 0) {
            consumer.of(entry, value);
          }
        }
      }
    }
  }

  /** Reads the names of threads, since contents may be shown. */
  private void names() throws IOException {
    Map<Integer, Held> byArray = new HashMap<>();
    for (Held held : bySerial.values()) {
      int array = follow(follow(held.object, "name"), "value");
      if (array == 0) {
        array = follow(held.object, "name");
      }
      byArray.put(array, held);
    }
    graph.file.scan("names of threads", () -> new HeapVisitor() {
      @Override
      boolean readsContents() {
        return true;
      }

      @Override
      void primitiveArray(long id, int type, int length, DumpInput in) throws IOException {
        Held held = byArray.get(graph.index.ordinal(id));
        if (held != null && length < LONGEST_NAME && (type == Types.BYTE || type == Types.CHAR)) {
          int bytes = length * Types.bytes(type);
          in.need(bytes);
          held.name = new String(in.buffer, in.at, bytes, type == Types.BYTE ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16BE);
        }
      }
    });
  }

  private int follow(int object, String field) {
    if (object == 0 || graph.isClass(object)) {
      return 0;
    }
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    graph.open(object, cursor);
    for (int i = cursor.from; i < cursor.to; i++) {
      if (!cursor.isArray && graph.classes.labels.text(cursor.label(i, graph.classes.labels)).equals(field)) {
        return cursor.targets[i];
      }
    }
    return 0;
  }

  List<Report.Section> sections(int top) {
    List<Held> sorted = new ArrayList<>(bySerial.values());
    sorted.sort(Comparator.comparingLong((Held held) -> held.bytes).reversed().thenComparingInt(held -> held.object));
    List<Report.Node> threads = new ArrayList<>();
    for (Held held : sorted.subList(0, Math.min(top, sorted.size()))) {
      List<Report.Node> parts = new ArrayList<>(List.of(new Report.Node("stack", 0, 0, frames(held)), new Report.Node("thread-locals", 0, 0, locals(held))));
      parts.removeIf(part -> part.children().isEmpty());
      threads.add(new Report.Node(graph.describe(held.object) + (held.name.isEmpty() ? "" : " \"" + held.name + "\""), 0, held.bytes, parts));
    }
    return List.of(new Report.Tree(Sizes.count(bySerial.size()) + " threads, by what they hold first", threads, false));
  }

  private List<Report.Node> frames(Held held) {
    List<Report.Node> nodes = new ArrayList<>();
    List<String> stack = graph.file.stacks.text(held.trace, graph.file.names);
    for (int frame = 0; frame < Math.min(FRAMES, stack.size()); frame++) {
      Map<String, long[]> types = new TreeMap<>();
      held.byFrame.getOrDefault(frame, List.of()).forEach(object -> add(object, object == held.object ? 0 : bytesOnce(object), types));
      nodes.add(new Report.Node(stack.get(frame), 0, 0, nodes(types)));
    }
    return nodes;
  }

  private List<Report.Node> locals(Held held) {
    Map<String, long[]> types = new TreeMap<>();
    values(held, (entry, value) -> add(value, bytesOnce(value), types));
    return nodes(types);
  }

  private void add(int object, long held, Map<String, long[]> types) {
    long[] sum = types.computeIfAbsent(graph.typeOf(object).name, name -> new long[2]);
    sum[0]++;
    sum[1] += held;
  }

  private static List<Report.Node> nodes(Map<String, long[]> types) {
    return types.entrySet().stream().map(type -> new Report.Node(type.getKey(), type.getValue()[0], type.getValue()[1], List.of())).toList();
  }
}
