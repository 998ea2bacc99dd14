package leaksafe.heap.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Writes a dump by hand, for tests that know each answer. */
final class HprofBytes {
  /** A record's body. */
  interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  private final int idSize;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final ByteArrayOutputStream heapBytes = new ByteArrayOutputStream();
  private final DataOutputStream heap = new DataOutputStream(heapBytes);
  private final Map<String, Long> names = new HashMap<>();
  private int serial;

  HprofBytes(int idSize) {
    this.idSize = idSize;
    run(() -> {
      out.write("JAVA PROFILE 1.0.2\0".getBytes(StandardCharsets.US_ASCII));
      out.writeInt(idSize);
      out.writeLong(0);
    });
  }

  private interface Write {
    void run() throws IOException;
  }

  private static void run(Write write) {
    try {
      write.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void id(DataOutputStream to, long id) throws IOException {
    if (idSize == 8) {
      to.writeLong(id);
    } else {
      to.writeInt((int) id);
    }
  }

  HprofBytes record(int tag, Body body) {
    run(() -> {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      body.write(new DataOutputStream(content));
      out.writeByte(tag);
      out.writeInt(0);
      out.writeInt(content.size());
      content.writeTo(out);
    });
    return this;
  }

  long name(String text) {
    return names.computeIfAbsent(text, t -> {
      long id = 1_000_000 + names.size();
      record(1, to -> {
        id(to, id);
        to.write(t.getBytes(StandardCharsets.UTF_8));
      });
      return id;
    });
  }

  /** A class; statics map names to targets, fields are all references. */
  HprofBytes type(long id, String name, long superId, long loader, Map<String, Long> statics, String... fields) {
    return type(id, name, superId, new long[] {loader, 0, 0}, statics, fields);
  }

  /** A class with its loader, signers and protection domain. */
  HprofBytes type(long id, String name, long superId, long[] origin, Map<String, Long> statics, String... fields) {
    long nameId = name(name.replace('.', '/'));
    Map<String, Long> staticIds = new HashMap<>();
    statics.forEach((field, target) -> staticIds.put(field, name(field)));
    long[] fieldIds = new long[fields.length];
    for (int i = 0; i < fields.length; i++) {
      fieldIds[i] = name(fields[i]);
    }
    int number = ++serial;
    record(2, to -> {
      to.writeInt(number);
      id(to, id);
      to.writeInt(0);
      id(to, nameId);
    });
    run(() -> {
      heap.writeByte(0x20);
      id(heap, id);
      heap.writeInt(0);
      id(heap, superId);
      for (int i = 0; i < 5; i++) {
        id(heap, i < origin.length ? origin[i] : 0);
      }
      heap.writeInt(fields.length * idSize);
      heap.writeShort(0);
      heap.writeShort(statics.size());
      for (Map.Entry<String, Long> field : statics.entrySet()) {
        id(heap, staticIds.get(field.getKey()));
        heap.writeByte(2);
        id(heap, field.getValue());
      }
      heap.writeShort(fields.length);
      for (long field : fieldIds) {
        id(heap, field);
        heap.writeByte(2);
      }
    });
    return this;
  }

  HprofBytes instance(long id, long type, long... values) {
    run(() -> {
      heap.writeByte(0x21);
      id(heap, id);
      heap.writeInt(0);
      id(heap, type);
      heap.writeInt(values.length * idSize);
      for (long value : values) {
        id(heap, value);
      }
    });
    return this;
  }

  HprofBytes array(long id, long type, long... values) {
    run(() -> {
      heap.writeByte(0x22);
      id(heap, id);
      heap.writeInt(0);
      heap.writeInt(values.length);
      id(heap, type);
      for (long value : values) {
        id(heap, value);
      }
    });
    return this;
  }

  HprofBytes ints(long id, int... values) {
    run(() -> {
      heap.writeByte(0x23);
      id(heap, id);
      heap.writeInt(0);
      heap.writeInt(values.length);
      heap.writeByte(10);
      for (int value : values) {
        heap.writeInt(value);
      }
    });
    return this;
  }

  HprofBytes bytes(long id, String latin1) {
    run(() -> {
      heap.writeByte(0x23);
      id(heap, id);
      heap.writeInt(0);
      heap.writeInt(latin1.length());
      heap.writeByte(8);
      heap.write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    });
    return this;
  }

  HprofBytes root(long id) {
    run(() -> {
      heap.writeByte(0xFF);
      id(heap, id);
    });
    return this;
  }

  HprofBytes raw(int... values) {
    run(() -> {
      for (int value : values) {
        heap.writeByte(value);
      }
    });
    return this;
  }

  /** Ends the heap segment. */
  HprofBytes segment() {
    byte[] body = heapBytes.toByteArray();
    heapBytes.reset();
    return record(0x1C, to -> to.write(body));
  }

  /** Ends the dump as HotSpot does. */
  HprofBytes end() {
    if (heapBytes.size() > 0) {
      segment();
    }
    return record(0x2C, to -> {});
  }

  /** Returns what has been written, ended only if {@link #end} was called. */
  byte[] bytes() {
    if (heapBytes.size() > 0) {
      segment();
    }
    return bytes.toByteArray();
  }

  Path write(Path directory, String name) {
    try {
      return Files.write(directory.resolve(name), end().bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
