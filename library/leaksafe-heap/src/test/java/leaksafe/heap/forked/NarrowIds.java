package leaksafe.heap.forked;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a dump with ids of 8 bytes again with ids of 4, as 32-bit virtual machines write them, which no JDK on a usual machine is any
 * more. Objects keep their addresses, which must be below 4 GB; names and frames are numbered.
 */
final class NarrowIds {
  private static final int HEADER = 31;
  private static final int NAME = 0x01;
  private static final int LOADED_CLASS = 0x02;
  private static final int FRAME = 0x04;
  private static final int TRACE = 0x05;
  private static final int SEGMENT = 0x1C;
  private static final int OBJECT = 2;
  private static final int[] WIDTHS = {0, 0, 4, 0, 1, 2, 4, 8, 1, 2, 4, 8};

  /** The superclass and the types of the fields. */
  private record Type(long parent, byte[] fields) {}

  private final ByteBuffer in;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Map<Long, Type> types = new HashMap<>();
  private final Map<Long, Integer> numbers = new HashMap<>();
  private DataOutputStream out = new DataOutputStream(bytes);

  private NarrowIds(byte[] wide) {
    in = ByteBuffer.wrap(wide);
  }

  static byte[] of(byte[] wide) throws IOException {
    NarrowIds narrow = new NarrowIds(wide);
    narrow.records(false);
    narrow.out = new DataOutputStream(narrow.bytes);
    narrow.bytes.reset();
    narrow.records(true);
    return narrow.bytes.toByteArray();
  }

  /** The first time only to learn of the classes. */
  private void records(boolean knowsTypes) throws IOException {
    out.write(in.array(), 0, HEADER - 12);
    out.writeInt(4);
    in.position(HEADER - 8);
    out.writeLong(in.getLong());
    while (in.hasRemaining()) {
      int tag = in.get();
      int time = in.getInt();
      int end = in.getInt() + in.position();
      DataOutputStream file = out;
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      out = new DataOutputStream(body);
      if (tag == SEGMENT) {
        while (in.position() < end) {
          heapRecord(knowsTypes);
        }
      } else {
        record(tag, end);
      }
      out = file;
      out.writeByte(tag);
      out.writeInt(time);
      out.writeInt(body.size());
      body.writeTo(out);
    }
  }

  private void record(int tag, int end) throws IOException {
    switch (tag) {
      case NAME -> number();
      case LOADED_CLASS -> {
        copy(4);
        id();
        copy(4);
        number();
      }
      case FRAME -> {
        for (int i = 0; i < 4; i++) {
          number();
        }
      }
      case TRACE -> {
        copy(12);
        while (in.position() < end) {
          number();
        }
      }
      default -> {}
    }
    copy(end - in.position());
  }

  private void heapRecord(boolean knowsTypes) throws IOException {
    int tag = in.get() & 0xFF;
    out.writeByte(tag);
    long id = id();
    switch (tag) {
      case 0x01 -> number();
      case 0x02, 0x03, 0x08 -> copy(8);
      case 0x04, 0x06 -> copy(4);
      case 0x05, 0x07, 0xFF -> {}
      case 0x20 -> type(id);
      case 0x21 -> instance(knowsTypes);
      case 0x22 -> {
        copy(4);
        int length = count();
        for (int i = 0; i <= length; i++) {
          id();
        }
      }
      case 0x23 -> {
        copy(4);
        int length = count();
        int kind = in.get();
        out.writeByte(kind);
        copy(length * WIDTHS[kind]);
      }
      default -> throw new IOException("no tag: " + tag + " before byte " + in.position());
    }
  }

  private void type(long id) throws IOException {
    copy(4);
    long parent = id();
    for (int i = 0; i < 5; i++) {
      id();
    }
    copy(4);
    int constants = in.getShort();
    out.writeShort(constants);
    for (int i = 0; i < constants; i++) {
      copy(2);
      value(kind());
    }
    int statics = in.getShort();
    out.writeShort(statics);
    for (int i = 0; i < statics; i++) {
      number();
      value(kind());
    }
    byte[] fields = new byte[in.getShort()];
    out.writeShort(fields.length);
    for (int i = 0; i < fields.length; i++) {
      number();
      fields[i] = (byte) kind();
    }
    types.put(id, new Type(parent, fields));
  }

  private void instance(boolean knowsTypes) throws IOException {
    copy(4);
    long type = id();
    int end = in.getInt() + in.position();
    if (!knowsTypes) {
      in.position(end);
      return;
    }
    List<Byte> fields = new ArrayList<>();
    for (long at = type; at != 0; at = types.get(at).parent) {
      for (byte field : types.get(at).fields) {
        fields.add(field);
      }
    }
    out.writeInt(fields.stream().mapToInt(kind -> WIDTHS[kind]).sum());
    for (byte field : fields) {
      value(field);
    }
    if (in.position() != end) {
      throw new IOException("an instance ends at byte " + in.position() + " instead of " + end);
    }
  }

  private int kind() throws IOException {
    int kind = in.get();
    out.writeByte(kind);
    return kind;
  }

  private void value(int kind) throws IOException {
    if (kind == OBJECT) {
      id();
    } else {
      copy(WIDTHS[kind]);
    }
  }

  private int count() throws IOException {
    int count = in.getInt();
    out.writeInt(count);
    return count;
  }

  private long id() throws IOException {
    long id = in.getLong();
    if (id != (id & 0xFFFF_FFFFL)) {
      throw new IOException("the object 0x" + Long.toHexString(id) + " lies above 4 GB");
    }
    out.writeInt((int) id);
    return id;
  }

  private void number() throws IOException {
    long id = in.getLong();
    out.writeInt(id == 0 ? 0 : numbers.computeIfAbsent(id, i -> numbers.size() + 1));
  }

  private void copy(int count) throws IOException {
    out.write(in.array(), in.position(), count);
    in.position(in.position() + count);
  }
}
