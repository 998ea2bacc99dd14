package leaksafe.heap.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import leaksafe.heap.HeapDumpException;

/** The first pass: which objects there are, the classes, the roots, the layout. */
final class HeapIndexer {
  private static final int USUAL_SHIFT = 3;

  final DumpFile file;
  Roots roots;
  private ObjectIndex index;
  private ClassTable classes;
  private Layout layout;

  HeapIndexer(DumpFile file) throws IOException {
    this.file = file;
    roots = new Roots(file.budget);
    Pass pass = new Pass(USUAL_SHIFT);
    file.scan("indexing", pass::visitor);
    ObjectIndex all = pass.merged();
    if (all.alignmentShift() < USUAL_SHIFT) {
      // Not a HotSpot dump of usual alignment: addresses would share bits.
      int shift = all.alignmentShift();
      all.drop();
      roots = new Roots(file.budget);
      pass = new Pass(shift);
      file.scan("indexing", pass::visitor);
      all = pass.merged();
    }
    all.freeze();
    index = all;
    roots.freeze();
    classes = new ClassTable(new ArrayList<>(pass.records), file);
    layout = Layout.infer(new ArrayList<>(pass.gaps), classes, file.idSize, all.alignmentShift(), all.count());
    classes.layOut(layout);
    for (int i = 1; i < classes.size(); i++) {
      classes.at(i).ordinal = classes.at(i).id == 0 ? 0 : all.ordinal(classes.at(i).id);
    }
  }

  ObjectIndex index() {
    return index;
  }

  ClassTable classes() {
    return classes;
  }

  Layout layout() {
    return layout;
  }

  private final class Pass {
    private final int shift;
    final ConcurrentLinkedQueue<ClassRecord> records = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Layout.Gaps> gaps = new ConcurrentLinkedQueue<>();
    private final List<ObjectIndex> parts = new ArrayList<>();

    Pass(int shift) {
      this.shift = shift;
    }

    /** Called by one thread, before the others start. */
    HeapVisitor visitor() {
      ObjectIndex part = new ObjectIndex(shift, file.budget);
      parts.add(part);
      return new Visitor(this, part);
    }

    ObjectIndex merged() throws HeapDumpException {
      ObjectIndex all = parts.get(0);
      for (int i = 1; i < parts.size(); i++) {
        all.addAll(parts.get(i));
      }
      parts.clear();
      return all;
    }
  }

  private final class Visitor extends HeapVisitor {
    private final Pass pass;
    private final ObjectIndex part;
    private final Layout.Gaps gaps = new Layout.Gaps();

    Visitor(Pass pass, ObjectIndex part) {
      this.pass = pass;
      this.part = part;
      pass.gaps.add(gaps);
    }

    @Override
    void root(int kind, long id, int thread, int frame) throws IOException {
      roots.add(kind, id, thread, frame);
    }

    @Override
    void classDump(ClassRecord record) throws IOException {
      if (record.id != 0) {
        part.add(record.id);
        file.budget.claim(record.bytes(), "the classes");
        pass.records.add(record);
      }
    }

    @Override
    void object(long id, long classId, int kind, int length) throws IOException {
      part.add(id);
      gaps.add(id, classId, kind, length);
    }
  }
}
