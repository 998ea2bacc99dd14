package leaksafe.heap.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the collections of the JDK keep their size and their table. */
final class ContainerKinds {
  /** How a collection says how many elements it has. */
  enum Sizing {
    /** By an int field. */
    COUNT,
    /** By a long field and counter cells beside it. */
    STRIPED,
    /** By the chain of nodes that begins in a field: these queues have no counter that a single object shows. */
    CHAIN,
    /** By what is in its table. */
    TABLE
  }

  private record Known(String owner, Sizing sizing, String size, String table, int slotsPerEntry) {
    static Known counted(String owner, String size, String table) {
      return new Known(owner, Sizing.COUNT, size, table, 1);
    }
  }

  private static final List<Known> KNOWN = List.of(
      Known.counted("java.util.HashMap", "size", "table"),
      new Known("java.util.concurrent.ConcurrentHashMap", Sizing.STRIPED, "baseCount", "table", 1),
      Known.counted("java.util.ArrayList", "size", "elementData"),
      Known.counted("java.util.TreeMap", "size", ""),
      Known.counted("java.util.WeakHashMap", "size", "table"),
      new Known("java.util.IdentityHashMap", Sizing.COUNT, "size", "table", 2),
      Known.counted("java.util.Hashtable", "count", "table"),
      Known.counted("java.util.LinkedList", "size", ""),
      Known.counted("java.util.PriorityQueue", "size", "queue"),
      Known.counted("java.util.Vector", "elementCount", "elementData"),
      Known.counted("java.util.concurrent.PriorityBlockingQueue", "size", "queue"),
      Known.counted("java.util.concurrent.ArrayBlockingQueue", "count", "items"),
      Known.counted("java.util.concurrent.LinkedBlockingDeque", "count", ""),
      Known.counted("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "size", "queue"),
      Known.counted("java.lang.ThreadLocal$ThreadLocalMap", "size", "table"),
      new Known("java.util.concurrent.LinkedBlockingQueue", Sizing.CHAIN, "head", "", 1),
      new Known("java.util.concurrent.ConcurrentLinkedQueue", Sizing.CHAIN, "head", "", 1),
      new Known("java.util.concurrent.ConcurrentLinkedDeque", Sizing.CHAIN, "head", "", 1),
      new Known("java.util.ArrayDeque", Sizing.TABLE, "elements", "elements", 1),
      new Known("java.util.concurrent.CopyOnWriteArrayList", Sizing.TABLE, "array", "array", 1));

  /** The places in the field values of an instance; -1 for a field that it does not have. */
  record Kind(Sizing sizing, int size, int table, int slotsPerEntry, int counterCells) {
    long size(byte[] buffer, int at) {
      return sizing == Sizing.STRIPED ? DumpInput.longAt(buffer, at + size) : DumpInput.intAt(buffer, at + size);
    }
  }

  /** The places of the element and of the next node in a node of a linked queue. */
  record Link(int item, int next) {}

  private final ClassTable classes;
  private final Map<Integer, Kind> kinds = new HashMap<>();
  private final Map<Integer, Link> links = new HashMap<>();

  ContainerKinds(ClassTable classes) {
    this.classes = classes;
    for (int i = 1; i < classes.size(); i++) {
      ClassInfo info = classes.at(i);
      Kind kind = kindOf(info);
      if (kind != null) {
        kinds.put(i, kind);
      }
      Link link = linkOf(info);
      if (link != null) {
        links.put(i, link);
      }
    }
  }

  private @Nullable Kind kindOf(ClassInfo info) {
    if (info.kind != ClassInfo.INSTANCE) {
      return null;
    }
    for (Known known : KNOWN) {
      int size = classes.offset(info, known.owner, known.size);
      if (size >= 0) {
        return new Kind(known.sizing, size, classes.offset(info, known.owner, known.table), known.slotsPerEntry,
            known.sizing == Sizing.STRIPED ? classes.offset(info, known.owner, "counterCells") : -1);
      }
    }
    return null;
  }

  private @Nullable Link linkOf(ClassInfo info) {
    for (Known known : KNOWN) {
      if (known.sizing == Sizing.CHAIN && info.name.equals(known.owner + "$Node")) {
        int item = classes.offset(info, info.name, "item");
        int next = classes.offset(info, info.name, "next");
        return item < 0 || next < 0 ? null : new Link(item, next);
      }
    }
    return null;
  }

  /** Returns the kinds by class index, null where a class is no collection. */
  @Nullable Kind[] byIndex() {
    @Nullable Kind[] array = new Kind[classes.size()];
    kinds.forEach((index, kind) -> array[index] = kind);
    return array;
  }

  /** Returns the nodes' places by class index, null where a class is no node of a linked queue. */
  @Nullable Link[] links() {
    @Nullable Link[] array = new Link[classes.size()];
    links.forEach((index, link) -> array[index] = link);
    return array;
  }

  /** Returns what the instances are, or null if they are no collections. */
  @Nullable Kind kind(ClassInfo info) {
    return kinds.get(info.index);
  }
}
