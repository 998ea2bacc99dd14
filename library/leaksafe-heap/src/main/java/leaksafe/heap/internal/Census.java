package leaksafe.heap.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.Report;
import org.jspecify.annotations.Nullable;

/**
 * The largest collections of a dump and who owns them, in memory that does not depend on the dump: one pass for the classes, one for the
 * sizes, then passes that find the referrers of the largest, their referrers and so on up to a static field or a root.
 */
final class Census {
  private static final long SMALLEST = 8;
  private static final int SMALLEST_ARRAY = 256;
  private static final int MOST_CELLS = 1 << 16;
  /** Maps of a sound dump do not share their counters at all. */
  private static final int MOST_SHARING = 4;
  /** The census does not look for the layout: references of 4 bytes are the common case. */
  private static final long REFERENCE_BYTES = 4;
  private static final String TOLD_BY = "why and growth";
  private static final String CELL = "java.util.concurrent.ConcurrentHashMap$CounterCell";
  private static final String CELL_ARRAY = CELL + "[]";

  /** A collection or large array. */
  static final class Container {
    final long id;
    final ClassInfo type;
    /** Where its elements are, if they are in an array. */
    final long tableId;
    final int slotsPerEntry;
    long size;
    long capacity = -1;

    Container(long id, ClassInfo type, long size, long tableId, int slotsPerEntry) {
      this.id = id;
      this.type = type;
      this.size = size;
      this.tableId = tableId;
      this.slotsPerEntry = slotsPerEntry;
    }
  }

  private final DumpFile file;
  private final Roots roots;
  private final ClassTable classes;
  private final ContainerKinds kinds;
  private final @Nullable ClassInfo cell;
  private final @Nullable ClassInfo cellArrayType;
  private final Map<Long, Long> cells = new HashMap<>();
  private final Map<Long, long[]> cellArrays = new HashMap<>();
  private boolean incompleteChains;
  /** Concurrent maps with counter cells, by the id of the array of cells. */
  private final Map<Long, List<Container>> striped = new HashMap<>();
  private final QueueHeads queues = new QueueHeads();

  Census(Path dump, HeapOptions options) throws IOException {
    file = new DumpFile(dump, options, new MemoryBudget(options.memoryBudget()));
    roots = new Roots(file.budget);
    ConcurrentLinkedQueue<ClassRecord> records = new ConcurrentLinkedQueue<>();
    file.scan("classes", () -> new HeapVisitor() {
      @Override
      void root(int kind, long id, int thread, int frame) throws IOException {
        roots.add(kind, id, thread, frame);
      }

      @Override
      void classDump(ClassRecord record) throws IOException {
        file.budget.claim(record.bytes(), "the classes");
        records.add(record);
      }
    });
    roots.freeze();
    classes = new ClassTable(new ArrayList<>(records), file);
    kinds = new ContainerKinds(classes);
    cell = classes.named(CELL);
    cellArrayType = classes.named(CELL_ARRAY);
  }

  Report report(String title, int top) throws IOException {
    List<Container> largest = largest(top);
    Owners owners = new Owners(file, classes, roots, largest);
    // The table of a collection that has a row of its own has none.
    List<Container> shown = largest.stream().filter(container -> {
      ContainerKinds.Kind holder = holder(owners, container);
      return holder == null || holder.sizing() == ContainerKinds.Sizing.TABLE;
    }).limit(top).toList();
    owners.resolve(shown);
    List<List<Object>> rows = new ArrayList<>();
    for (Container container : shown) {
      ClassInfo owner = owners.firstOwner(container.id);
      boolean isTable = holder(owners, container) != null;
      long capacity = container.capacity;
      long used = container.size * container.slotsPerEntry;
      rows.add(List.of(container.size, capacity < 0 ? "" : percent(used, capacity),
          capacity < 0 ? 0L : Math.max(0, capacity - used) * REFERENCE_BYTES,
          isTable && owner != null ? owner.name : container.type.name, isTable ? owners.pathToOwner(container.id) : owners.path(container.id)));
    }
    List<String> notes = new ArrayList<>(file.problems.list());
    if (incompleteChains) {
      notes.add("Linked queues are so many, or their nodes so far apart, that some lengths are too small; the paths of " + TOLD_BY + " have the true ones.");
    }
    return new Report(title, notes, List.of(new Report.Table("Largest collections", List.of(
        new Report.Column("size", Report.Unit.COUNT), new Report.Column("fill", Report.Unit.TEXT), new Report.Column("waste", Report.Unit.BYTES),
        new Report.Column("class", Report.Unit.TEXT), new Report.Column("owner", Report.Unit.TEXT)), rows)));
  }

  /** Returns what kind of collection holds an array, null if none does. */
  private ContainerKinds.@Nullable Kind holder(Owners owners, Container container) {
    ClassInfo owner = owners.firstOwner(container.id);
    return container.type.kind == ClassInfo.OBJECT_ARRAY && owner != null ? kinds.kind(owner) : null;
  }

  private static String percent(long part, long whole) {
    return whole == 0 ? "" : Math.min(100, part * 100 / whole) + " %";
  }

  private List<Container> largest(int top) throws IOException {
    // A collection's table would be a second row of equal size: twice as many, so that enough are left without tables.
    int kept = 2 * top + 16;
    List<Sizing> workers = new ArrayList<>();
    file.scan("collections", () -> {
      Sizing sizing = new Sizing(kept);
      workers.add(sizing);
      return sizing;
    });
    List<Container> all = new ArrayList<>();
    workers.forEach(worker -> all.addAll(worker.best));
    Chains chains = Chains.joined(workers.stream().map(worker -> worker.chains).toList());
    incompleteChains = !chains.isComplete() || !queues.isComplete();
    for (int i = 0; i < queues.size(); i++) {
      int length = chains.length(queues.head(i));
      if (length >= SMALLEST) {
        all.add(new Container(queues.id(i), classes.at(queues.classIndex(i)), length, 0, 1));
      }
    }
    striped.forEach((cellArray, maps) -> {
      long more = 0;
      for (long cell : cellArrays.getOrDefault(cellArray, new long[0])) {
        more += cells.getOrDefault(cell, 0L);
      }
      for (Container map : maps) {
        map.size += more;
        if (map.size >= SMALLEST) {
          all.add(map);
        }
      }
    });
    all.sort(Comparator.comparingLong((Container c) -> c.size).reversed().thenComparing(c -> c.type.name).thenComparingLong(c -> c.id));
    return new ArrayList<>(all.subList(0, Math.min(kept, all.size())));
  }

  private final class Sizing extends HeapVisitor {
    private final int kept;
    final PriorityQueue<Container> best = new PriorityQueue<>(Comparator.comparingLong(c -> c.size));
    final Chains chains = new Chains();
    private final ContainerKinds.@Nullable Kind[] byIndex = kinds.byIndex();
    private final ContainerKinds.@Nullable Link[] links = kinds.links();
    private final ClassFinder finder = new ClassFinder(classes);

    Sizing(int kept) {
      this.kept = kept;
    }

    @Override
    boolean readsContents() {
      return true;
    }

    @Override
    void instance(long id, long classId, byte[] buffer, int at, int length) {
      ClassInfo info = finder.find(classId);
      ContainerKinds.@Nullable Kind kind = byIndex[info.index];
      ContainerKinds.@Nullable Link link = links[info.index];
      if (length < info.dumpBytes) {
        return;
      }
      if (kind != null) {
        collection(id, info, kind, buffer, at);
      } else if (link != null) {
        chains.add(id, id(buffer, at + link.next()), id(buffer, at + link.item()) != 0);
      } else if (info == cell) {
        addCell(id, DumpInput.longAt(buffer, at + classes.offset(info, info.name, "value")));
      }
    }

    private void collection(long id, ClassInfo info, ContainerKinds.Kind kind, byte[] buffer, int at) {
      switch (kind.sizing()) {
        case COUNT -> offer(container(id, info, kind, buffer, at));
        case STRIPED -> {
          long cellArray = kind.counterCells() < 0 ? 0 : id(buffer, at + kind.counterCells());
          if (cellArray != 0) {
            add(striped, cellArray, container(id, info, kind, buffer, at));
          } else {
            offer(container(id, info, kind, buffer, at));
          }
        }
        case CHAIN -> queues.add(id, id(buffer, at + kind.size()), info.index);
        case TABLE -> {} // Its table is offered instead, and shown as the collection.
      }
    }

    private Container container(long id, ClassInfo info, ContainerKinds.Kind kind, byte[] buffer, int at) {
      return new Container(id, info, kind.size(buffer, at), kind.table() < 0 ? 0 : id(buffer, at + kind.table()), kind.slotsPerEntry());
    }

    private long id(byte[] buffer, int at) {
      return classes.idSize == 8 ? DumpInput.longAt(buffer, at) : DumpInput.intAt(buffer, at) & 0xFFFF_FFFFL;
    }

    @Override
    void objectArray(long id, long classId, int length, DumpInput in) throws IOException {
      ClassInfo info = finder.find(classId);
      if (info == cellArrayType && length < MOST_CELLS) {
        long[] ids = new long[length];
        for (int i = 0; i < length; i++) {
          ids[i] = in.id();
        }
        addCellArray(id, ids);
      } else if (length >= SMALLEST_ARRAY && !info.name.endsWith("$Node[]") && !info.name.endsWith("Entry[]")) {
        long filled = 0;
        for (int i = 0; i < length; i++) {
          filled += in.id() != 0 ? 1 : 0;
        }
        if (filled >= SMALLEST_ARRAY) {
          Container array = new Container(id, info, filled, 0, 1);
          array.capacity = length;
          offer(array);
        }
      }
    }

    private void offer(Container container) {
      Container smallest = best.peek();
      if (container.size >= SMALLEST && (best.size() < kept || smallest != null && smallest.size < container.size)) {
        best.add(container);
        if (best.size() > kept) {
          best.poll();
        }
      }
    }
  }

  private synchronized void add(Map<Long, List<Container>> map, long id, Container container) {
    List<Container> containers = map.size() < MOST_CELLS ? map.computeIfAbsent(id, i -> new ArrayList<>(1)) : map.get(id);
    if (containers != null && containers.size() < MOST_SHARING) {
      containers.add(container);
    }
  }

  private synchronized void addCell(long id, long value) {
    if (cells.size() < MOST_CELLS) {
      cells.put(id, value);
    }
  }

  private synchronized void addCellArray(long id, long[] ids) {
    if (cellArrays.size() < MOST_CELLS) {
      cellArrays.put(id, ids);
    }
  }
}
