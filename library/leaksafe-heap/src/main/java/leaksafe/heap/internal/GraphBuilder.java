package leaksafe.heap.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.HeapOptions;

/** The second pass: the class and the targets of each object. */
final class GraphBuilder {
  /** One int more has to fit an array, which virtual machines make a little shorter than its length could say. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 16;

  private final HeapGraph graph;
  private final ObjectIndex index;
  private final AtomicLong missing = new AtomicLong();

  private GraphBuilder(HeapGraph graph) {
    this.graph = graph;
    index = graph.index;
  }

  /** Reads the graph of a dump. */
  static HeapGraph read(Path dump, HeapOptions options) throws IOException {
    DumpFile file = new DumpFile(dump, options, new MemoryBudget(options.memoryBudget()));
    return fill(new HeapGraph(new HeapIndexer(file)));
  }

  /** Reads what the objects of a graph refer to. */
  static HeapGraph fill(HeapGraph graph) throws IOException {
    DumpFile file = graph.file;
    GraphBuilder builder = new GraphBuilder(graph);
    builder.classes();
    file.scan("references", () -> builder.new Visitor());
    graph.edges.freeze();
    long missing = builder.missing.get();
    if (missing > 0) {
      file.problems.add(Sizes.count(missing) + " objects are of classes that the dump does not have: what their fields refer to is not known");
    }
    return graph;
  }

  private void classes() throws HeapDumpException {
    EdgeStore.Appender out = graph.edges.appender();
    for (int i = 1; i < graph.classes.size(); i++) {
      ClassInfo info = graph.classes.at(i);
      if (info.ordinal == 0) {
        continue;
      }
      graph.set(info.ordinal, ~i, out.open(info.staticTargets.length + HeapGraph.CLASS_EXTRAS));
      for (long target : info.staticTargets) {
        out.chunk[out.at++] = ordinal(target);
      }
      out.chunk[out.at++] = ordinal(info.superId);
      out.chunk[out.at++] = ordinal(info.loaderId);
      out.chunk[out.at++] = ordinal(info.signersId);
      out.chunk[out.at++] = ordinal(info.domainId);
    }
  }

  private int ordinal(long id) {
    return id == 0 ? 0 : index.ordinal(id);
  }

  /** An id that a damaged dump has twice keeps its first meaning. */
  private final class Visitor extends HeapVisitor {
    private final EdgeStore.Appender out = graph.edges.appender();
    private final boolean wideIds = graph.classes.idSize == 8;
    private final ClassFinder finder = new ClassFinder(graph.classes);
    private long missing;

    @Override
    void done() {
      GraphBuilder.this.missing.addAndGet(missing);
    }

    @Override
    boolean readsContents() {
      return true;
    }

    @Override
    void instance(long id, long classId, byte[] buffer, int at, int length) throws IOException {
      ClassInfo info = finder.find(classId);
      int object = index.ordinal(id);
      if (graph.classOf(object) != 0) {
        return;
      }
      if (info.index == 0 || info.kind != ClassInfo.INSTANCE) {
        missing++;
        return;
      }
      int[] offsets = info.referenceOffsets;
      if (offsets.length == 0 || length < info.dumpBytes) {
        graph.set(object, info.index, 0);
        return;
      }
      graph.set(object, info.index, out.open(offsets.length));
      int[] chunk = out.chunk;
      int place = out.at;
      for (int offset : offsets) {
        long target = wideIds ? DumpInput.longAt(buffer, at + offset) : DumpInput.intAt(buffer, at + offset) & 0xFFFF_FFFFL;
        chunk[place++] = target == 0 ? 0 : index.ordinal(target);
      }
      out.at = place;
    }

    @Override
    void objectArray(long id, long classId, int length, DumpInput in) throws IOException {
      ClassInfo info = finder.find(classId);
      int object = index.ordinal(id);
      if (graph.classOf(object) != 0) {
        return;
      }
      if (info.kind != ClassInfo.OBJECT_ARRAY) {
        missing++;
        info = graph.classes.missingArray();
      }
      if (length > LONGEST_ARRAY) {
        throw new HeapDumpException("an array has " + length + " elements, more than fit one of ours", in.offset());
      }
      graph.set(object, info.index, 0); // If the dump ends within the array.
      long position = out.open(length + 1);
      int[] chunk = out.chunk;
      int place = out.at;
      chunk[place++] = length;
      int idSize = in.idSize;
      int left = length;
      while (left > 0) {
        in.need(idSize);
        int now = Math.min(left, (in.end - in.at) / idSize);
        int from = in.at;
        for (int i = 0; i < now; i++) {
          long target = in.idAt(from + i * idSize);
          chunk[place++] = target == 0 ? 0 : index.ordinal(target);
        }
        in.at += now * idSize;
        left -= now;
      }
      out.at = place;
      graph.set(object, info.index, position);
    }

    @Override
    void primitiveArray(long id, int type, int length, DumpInput in) throws IOException {
      int object = index.ordinal(id);
      if (graph.classOf(object) != 0) {
        return;
      }
      graph.set(object, graph.classes.primitiveArray(type).index, length);
    }
  }
}
