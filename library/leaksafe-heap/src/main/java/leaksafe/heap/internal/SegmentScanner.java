package leaksafe.heap.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import leaksafe.heap.HeapDumpException;
import org.jspecify.annotations.Nullable;

/** Reads the records of one heap segment and shows them to a visitor. Damage ends the segment, not the analysis. */
final class SegmentScanner {
  private static final int INSTANCE = 0x21;
  private static final int REFERENCES = 0x22;
  private static final int PRIMITIVES = 0x23;

  private final DumpInput in;
  private final HeapVisitor visitor;
  /** Whether the visitor is shown contents. Its calls are then others, so that what is compiled for one pass is not thrown away in the next. */
  private final boolean whole;
  private final Problems problems;

  // Of the object whose head was read last.
  private long id;
  private long classId;
  private int kind;
  private int length;
  private long bodyEnd;

  SegmentScanner(DumpInput in, HeapVisitor visitor, Problems problems) {
    this.in = in;
    this.visitor = visitor;
    whole = visitor.readsContents();
    this.problems = problems;
  }

  /**
   * Reads the segment from where the input stands to the given place, and leaves the input there or at the end of the bytes. Returns places
   * in between where records begin, about so many bytes apart.
   */
  List<Long> scan(long segmentEnd, long apart) throws IOException {
    List<Long> cuts = new ArrayList<>(0);
    long record = in.offset();
    long nextCut = record + apart;
    try {
      while ((record = in.offset()) < segmentEnd) {
        if (record >= nextCut) {
          cuts.add(record);
          nextCut = record + apart;
        }
        String wrong = record(in.u1(), segmentEnd);
        if (wrong != null) {
          problems.add(wrong + "; the rest of its segment, " + (segmentEnd - record) + " bytes, is skipped", record);
          in.moveTo(segmentEnd);
          return cuts;
        }
      }
    } catch (DumpInput.Truncated e) {
      problems.add("the dump ends in the midst of a record that began at byte " + record, e.offset);
    } catch (BadRecord e) {
      problems.add(e.getMessage() + "; the rest of its segment is skipped", record);
      in.moveTo(segmentEnd);
    }
    return cuts;
  }

  /** Reads one record; returns what is wrong with it, or null. */
  private @Nullable String record(int tag, long segmentEnd) throws IOException {
    if (tag != INSTANCE && tag != REFERENCES && tag != PRIMITIVES) {
      return rareRecord(tag, segmentEnd);
    }
    String wrong = head(tag, segmentEnd);
    if (wrong == null && whole) {
      contents(tag);
    } else if (wrong == null) {
      visitor.object(id, classId, kind, length);
      in.skip(bodyEnd - in.offset());
    }
    return wrong;
  }

  /** Apart, so that the code for the many objects is small. */
  private @Nullable String rareRecord(int tag, long segmentEnd) throws IOException {
    switch (tag) {
      case 0x20 -> visitor.classDump(classRecord());
      case Roots.UNKNOWN, Roots.STICKY_CLASS, Roots.MONITOR -> visitor.root(tag, in.id(), 0, -1);
      case Roots.JNI_GLOBAL -> {
        visitor.root(tag, in.id(), 0, -1);
        in.skip(in.idSize);
      }
      case Roots.JNI_LOCAL, Roots.JAVA_FRAME, Roots.THREAD -> {
        long root = in.id();
        int thread = in.i4();
        visitor.root(tag, root, thread, in.i4());
      }
      case Roots.NATIVE_STACK, Roots.THREAD_BLOCK -> {
        long root = in.id();
        visitor.root(tag, root, in.i4(), -1);
      }
      default -> {
        return "a heap record begins with 0x" + Integer.toHexString(tag) + ", which is no tag";
      }
    }
    return in.offset() > segmentEnd ? "a heap record runs past the end of its segment" : null;
  }

  private ClassRecord classRecord() throws IOException {
    try {
      return ClassRecord.read(in);
    } catch (HeapDumpException e) {
      throw new BadRecord(String.valueOf(e.getMessage()));
    }
  }

  /** Reads what an object is and leaves the input where its contents begin; returns what is wrong with it, or null. */
  private @Nullable String head(int tag, long segmentEnd) throws IOException {
    int idSize = in.idSize;
    int bytes = tag == PRIMITIVES ? idSize + 9 : 2 * idSize + 8;
    in.need(bytes);
    int place = in.at;
    in.at = place + bytes;
    id = in.idAt(place);
    long body;
    if (tag == INSTANCE) {
      kind = HeapVisitor.INSTANCE;
      classId = in.idAt(place + idSize + 4);
      length = DumpInput.intAt(in.buffer, place + 2 * idSize + 4);
      body = length;
    } else {
      length = DumpInput.intAt(in.buffer, place + idSize + 4);
      if (tag == REFERENCES) {
        kind = HeapVisitor.REFERENCES;
        classId = in.idAt(place + idSize + 8);
        body = (long) length * idSize;
      } else {
        kind = in.buffer[place + idSize + 8];
        if (!Types.isPrimitive(kind)) {
          return "an array of primitives says that its type is " + (kind & 0xFF) + ", which is none of 4 to 11";
        }
        classId = 0;
        body = (long) length * Types.bytes(kind);
      }
    }
    bodyEnd = in.offset() + body;
    return length < 0 || bodyEnd > segmentEnd || tag == INSTANCE && length > DumpInput.LONGEST ? tooLong(tag) : null;
  }

  private String tooLong(int tag) {
    long said = length & 0xFFFF_FFFFL;
    return tag == INSTANCE ? "an instance says that its fields take " + said + " bytes, which is too much"
        : "an array of " + (tag == REFERENCES ? "references" : Types.name(kind)) + " says that its length is " + said + ", which is too much";
  }

  private void contents(int tag) throws IOException {
    if (tag == INSTANCE) {
      in.need(length);
      visitor.instance(id, classId, in.buffer, in.at, length);
    } else if (tag == REFERENCES) {
      visitor.objectArray(id, classId, length, in);
    } else {
      visitor.primitiveArray(id, kind, length, in);
    }
    in.skip(bodyEnd - in.offset());
  }

  private static final class BadRecord extends IOException {
    private static final long serialVersionUID = 1L;

    BadRecord(String message) {
      super(message);
    }
  }
}
