package leaksafe.heap.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import leaksafe.heap.HeapDumpException;
import org.jspecify.annotations.Nullable;

/** Reads the records of one heap segment and shows them to a visitor. Damage ends the segment, not the analysis. */
final class SegmentScanner {
  private final DumpInput in;
  private final HeapVisitor visitor;
  private final Problems problems;

  SegmentScanner(DumpInput in, HeapVisitor visitor, Problems problems) {
    this.in = in;
    this.visitor = visitor;
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
    switch (tag) {
      case 0x21 -> {
        return instance(segmentEnd);
      }
      case 0x22 -> {
        return objectArray(segmentEnd);
      }
      case 0x23 -> {
        return primitiveArray(segmentEnd);
      }
      case 0x20 -> {
        visitor.classDump(classRecord());
      }
      case Roots.UNKNOWN, Roots.STICKY_CLASS, Roots.MONITOR -> visitor.root(tag, in.id(), 0, -1);
      case Roots.JNI_GLOBAL -> {
        visitor.root(tag, in.id(), 0, -1);
        in.skip(in.idSize);
      }
      case Roots.JNI_LOCAL, Roots.JAVA_FRAME, Roots.THREAD -> {
        long id = in.id();
        int thread = in.i4();
        visitor.root(tag, id, thread, in.i4());
      }
      case Roots.NATIVE_STACK, Roots.THREAD_BLOCK -> {
        long id = in.id();
        visitor.root(tag, id, in.i4(), -1);
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

  private @Nullable String instance(long segmentEnd) throws IOException {
    int idSize = in.idSize;
    in.need(2 * idSize + 8);
    int place = in.at;
    long id = in.idAt(place);
    long classId = in.idAt(place + idSize + 4);
    int length = DumpInput.intAt(in.buffer, place + 2 * idSize + 4);
    in.at = place + 2 * idSize + 8;
    if (length < 0 || length > DumpInput.LONGEST || in.offset() + length > segmentEnd) {
      return "an instance says that its fields take " + (length & 0xFFFF_FFFFL) + " bytes, which is too much";
    }
    if (visitor.readsFields()) {
      in.need(length);
      visitor.instance(id, classId, in.buffer, in.at, length);
      in.at += length;
    } else {
      visitor.instance(id, classId, in.buffer, -1, length);
      in.skip(length);
    }
    return null;
  }

  private @Nullable String objectArray(long segmentEnd) throws IOException {
    int idSize = in.idSize;
    in.need(2 * idSize + 8);
    int place = in.at;
    long id = in.idAt(place);
    int length = DumpInput.intAt(in.buffer, place + idSize + 4);
    long classId = in.idAt(place + idSize + 8);
    in.at = place + 2 * idSize + 8;
    long recordEnd = in.offset() + (long) length * idSize;
    if (length < 0 || recordEnd > segmentEnd) {
      return "an array of references says that its length is " + (length & 0xFFFF_FFFFL) + ", which is too much";
    }
    visitor.objectArray(id, classId, length, in);
    skipTo(recordEnd);
    return null;
  }

  private @Nullable String primitiveArray(long segmentEnd) throws IOException {
    int idSize = in.idSize;
    in.need(idSize + 9);
    int place = in.at;
    long id = in.idAt(place);
    int length = DumpInput.intAt(in.buffer, place + idSize + 4);
    int type = in.buffer[place + idSize + 8];
    in.at = place + idSize + 9;
    if (!Types.isPrimitive(type)) {
      return "an array of primitives says that its type is " + (type & 0xFF) + ", which is none of 4 to 11";
    }
    long recordEnd = in.offset() + (long) length * Types.bytes(type);
    if (length < 0 || recordEnd > segmentEnd) {
      return "an array of " + Types.name(type) + " says that its length is " + (length & 0xFFFF_FFFFL) + ", which is too much";
    }
    visitor.primitiveArray(id, type, length, in);
    skipTo(recordEnd);
    return null;
  }

  private void skipTo(long target) throws IOException {
    in.skip(target - in.offset());
  }

  private static final class BadRecord extends IOException {
    private static final long serialVersionUID = 1L;

    BadRecord(String message) {
      super(message);
    }
  }
}
