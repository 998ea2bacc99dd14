package leaksafe.heap.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the collections of the JDK keep their size and their table. */
final class ContainerKinds {
  private record Known(String owner, String size, String table, int slotsPerEntry) {}

  private static final List<Known> KNOWN = List.of(
      new Known("java.util.HashMap", "size", "table", 1),
      new Known("java.util.concurrent.ConcurrentHashMap", "baseCount", "table", 1),
      new Known("java.util.ArrayList", "size", "elementData", 1),
      new Known("java.util.TreeMap", "size", "", 1),
      new Known("java.util.WeakHashMap", "size", "table", 1),
      new Known("java.util.IdentityHashMap", "size", "table", 2),
      new Known("java.util.Hashtable", "count", "table", 1),
      new Known("java.util.LinkedList", "size", "", 1),
      new Known("java.util.PriorityQueue", "size", "queue", 1),
      new Known("java.util.Vector", "elementCount", "elementData", 1),
      new Known("java.util.concurrent.PriorityBlockingQueue", "size", "queue", 1),
      new Known("java.util.concurrent.ArrayBlockingQueue", "count", "items", 1),
      new Known("java.util.concurrent.LinkedBlockingDeque", "count", "", 1),
      new Known("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "size", "queue", 1),
      new Known("java.lang.ThreadLocal$ThreadLocalMap", "size", "table", 1));

  /** The places in the field values of an instance; -1 for a field that it does not have. */
  record Kind(int size, boolean longSize, int table, int slotsPerEntry, int counterCells) {
    long size(byte[] buffer, int at) {
      return longSize ? DumpInput.longAt(buffer, at + size) : DumpInput.intAt(buffer, at + size);
    }
  }

  private final ClassTable classes;
  private final Map<Integer, Kind> kinds = new HashMap<>();

  ContainerKinds(ClassTable classes) {
    this.classes = classes;
    for (int i = 1; i < classes.size(); i++) {
      Kind kind = kindOf(classes.at(i));
      if (kind != null) {
        kinds.put(i, kind);
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
        boolean isConcurrent = known.size.equals("baseCount");
        return new Kind(size, isConcurrent, classes.offset(info, known.owner, known.table), known.slotsPerEntry,
            isConcurrent ? classes.offset(info, known.owner, "counterCells") : -1);
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

  boolean isContainer(ClassInfo info) {
    return kinds.containsKey(info.index);
  }
}
