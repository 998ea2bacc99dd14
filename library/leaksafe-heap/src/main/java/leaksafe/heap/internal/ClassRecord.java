package leaksafe.heap.internal;

import java.io.IOException;
import java.util.Arrays;
import leaksafe.heap.HeapDumpException;

/** A class as its dump record has it: ids, not yet names. */
final class ClassRecord {
  final long id;
  final long superId;
  final long loaderId;
  final long signersId;
  final long domainId;
  /** Names and values of the static fields that hold references. */
  final long[] staticNames;
  final long[] staticValues;
  /** What all static fields take, with references of one byte each counted apart. */
  final int staticPrimitiveBytes;
  final long[] fieldNames;
  final byte[] fieldTypes;

  private ClassRecord(
      long[] ids, long[] staticNames, long[] staticValues, int staticPrimitiveBytes, long[] fieldNames, byte[] fieldTypes) {
    id = ids[0];
    superId = ids[1];
    loaderId = ids[2];
    signersId = ids[3];
    domainId = ids[4];
    this.staticNames = staticNames;
    this.staticValues = staticValues;
    this.staticPrimitiveBytes = staticPrimitiveBytes;
    this.fieldNames = fieldNames;
    this.fieldTypes = fieldTypes;
  }

  /** Returns about what the record takes, and the class that is made of it, without inherited fields. */
  long bytes() {
    return 400 + staticNames.length * 28L + fieldNames.length * 22L;
  }

  /** Makes the record of a class that the dump does not have, so that its instances can be counted. */
  static ClassRecord missing(long id) {
    return new ClassRecord(new long[] {id, 0, 0, 0, 0}, new long[0], new long[0], 0, new long[0], new byte[0]);
  }

  /** Reads the record behind its tag. */
  static ClassRecord read(DumpInput in) throws IOException {
    long[] ids = new long[5];
    ids[0] = in.id();
    in.skip(4);
    ids[1] = in.id();
    ids[2] = in.id();
    ids[3] = in.id();
    ids[4] = in.id();
    in.skip(2L * in.idSize + 4);
    int constants = in.u2();
    for (int i = 0; i < constants; i++) {
      in.skip(2);
      in.skip(width(in.u1(), in));
    }
    int statics = in.u2();
    long[] staticNames = new long[statics];
    long[] staticValues = new long[statics];
    int references = 0;
    int primitiveBytes = 0;
    for (int i = 0; i < statics; i++) {
      long name = in.id();
      int type = in.u1();
      if (type == Types.OBJECT) {
        staticNames[references] = name;
        staticValues[references++] = in.id();
      } else {
        int bytes = width(type, in);
        primitiveBytes += bytes;
        in.skip(bytes);
      }
    }
    int fields = in.u2();
    long[] fieldNames = new long[fields];
    byte[] fieldTypes = new byte[fields];
    for (int i = 0; i < fields; i++) {
      fieldNames[i] = in.id();
      int type = in.u1();
      width(type, in);
      fieldTypes[i] = (byte) type;
    }
    return new ClassRecord(
        ids, Arrays.copyOf(staticNames, references), Arrays.copyOf(staticValues, references), primitiveBytes, fieldNames, fieldTypes);
  }

  private static int width(int type, DumpInput in) throws HeapDumpException {
    if (type == Types.OBJECT) {
      return in.idSize;
    }
    if (!Types.isPrimitive(type)) {
      throw new HeapDumpException("a class has a field of type " + type + ", which is none of 2 and 4 to 11", in.offset() - 1);
    }
    return Types.bytes(type);
  }
}
