package leaksafe.heap.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a class loader is still there for: whether it says of itself that it is closed (a {@code URLClassLoader}, and every loader with a
 * boolean field {@code closed}) or stopped (a field {@code state} with an enum constant, as in servlet containers), and whether a thread
 * works for it: has it as its context class loader, or has an instance of its classes on its stack.
 */
final class LoaderStates {
  /** What is known about a loader, worst first. */
  enum State {
    /** It was closed or stopped. */
    CLOSED("closed"),
    /** Others have its classes, and no thread works for it. */
    REPLACED("replaced, no thread works for it"),
    /** A thread works for it. */
    WORKING("a thread works for it"),
    /** Nothing says that it is not needed. */
    UNKNOWN("");

    final String text;

    State(String text) {
      this.text = text;
    }
  }

  private static final Set<String> ENDED = Set.of("CLOSED", "STOPPING", "STOPPING_PREP", "STOPPED", "DESTROYING", "DESTROYED", "FAILED");
  private static final List<String> CLASS_PATHS = List.of("jdk.internal.loader.URLClassPath", "sun.misc.URLClassPath");

  private final HeapGraph graph;
  /** Objects whose boolean field {@code closed} is set. */
  private final ObjectSet closed;
  private final ObjectSet working;

  LoaderStates(HeapGraph graph) throws IOException {
    this.graph = graph;
    closed = new ObjectSet(graph, "the class loaders");
    working = new ObjectSet(graph, "the class loaders");
    readClosed();
    findWorking();
  }

  /** Booleans are not in the graph, so they take a pass of their own. */
  private void readClosed() throws IOException {
    int[] places = new int[graph.classes.size()];
    Arrays.fill(places, -1);
    boolean any = false;
    for (int i = 1; i < places.length; i++) {
      ClassInfo info = graph.classes.at(i);
      if (CLASS_PATHS.contains(info.name) || info.kind == ClassInfo.INSTANCE && graph.classes.isSubclass(info, "java.lang.ClassLoader")) {
        places[i] = closedField(info);
        any |= places[i] >= 0;
      }
    }
    if (any) {
      graph.file.scan("closed loaders", () -> new Visitor(places));
    }
  }

  private int closedField(ClassInfo info) {
    for (ClassInfo owner : graph.classes.chain(info)) {
      for (int i = 0; i < owner.fieldNames.length; i++) {
        if (owner.fieldNames[i].equals("closed") && owner.fieldTypes[i] == Types.BOOLEAN) {
          return graph.classes.offset(info, owner.name, "closed");
        }
      }
    }
    return -1;
  }

  private final class Visitor extends HeapVisitor {
    private final int[] places;
    private final ClassFinder finder = new ClassFinder(graph.classes);

    Visitor(int[] places) {
      this.places = places;
    }

    @Override
    boolean readsContents() {
      return true;
    }

    @Override
    void instance(long id, long classId, byte[] buffer, int at, int length) {
      ClassInfo info = finder.find(classId);
      int place = places[info.index];
      if (place >= 0 && length >= info.dumpBytes && buffer[at + place] != 0) {
        addClosed(graph.index.ordinal(id));
      }
    }
  }

  private synchronized void addClosed(int object) {
    closed.add(object);
  }

  private void findWorking() {
    for (int i = 0; i < graph.roots.size(); i++) {
      int object = graph.index.ordinal(graph.roots.id(i));
      if (object == 0) {
        continue;
      }
      int kind = graph.roots.kind(i);
      if (kind == Roots.THREAD) {
        working.add(field(object, "contextClassLoader"));
      } else if (kind == Roots.JAVA_FRAME && !graph.isClass(object)) {
        working.add(graph.index.ordinal(graph.typeOf(object).loaderId));
      }
    }
  }

  /** Returns what the named field of an instance refers to, or 0. */
  private int field(int object, String name) {
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    graph.open(object, cursor);
    for (int i = cursor.from; i < cursor.to && !cursor.isArray; i++) {
      if (graph.classes.labels.text(cursor.label(i, graph.classes.labels)).equals(name)) {
        return cursor.targets[i];
      }
    }
    return 0;
  }

  /** Returns what is known about a loader, of which others may have classes too. */
  State of(int loader, boolean hasDuplicates) {
    int classPath = field(loader, "ucp");
    if (closed.contains(loader) || classPath != 0 && closed.contains(classPath) || ended(field(loader, "state"))) {
      return State.CLOSED;
    }
    if (working.contains(loader)) {
      return State.WORKING;
    }
    return hasDuplicates ? State.REPLACED : State.UNKNOWN;
  }

  /** Tells the budget that nobody asks any more. */
  void release() {
    closed.release();
    working.release();
  }

  /** Whether the object is an enum constant with the name of an end. Its class knows the name: the static field. */
  private boolean ended(int state) {
    if (state == 0 || graph.isClass(state)) {
      return false;
    }
    ClassInfo type = graph.typeOf(state);
    for (int i = 0; i < type.staticTargets.length; i++) {
      if (graph.index.ordinal(type.staticTargets[i]) == state && ENDED.contains(graph.classes.labels.text(type.staticLabels[i]))) {
        return true;
      }
    }
    return false;
  }
}
