package leaksafe.heap.internal;

import java.io.IOException;

/** Is shown the objects of a heap segment. One visitor belongs to one thread. Does nothing unless overridden. */
abstract class HeapVisitor {
  /** Whether {@link #instance} looks at field values; if not they are skipped, which is faster. */
  boolean readsFields() {
    return false;
  }

  /** A root of the given kind ({@link Roots}); {@code thread} is the serial of its thread or 0, {@code frame} a frame or trace serial or -1. */
  void root(int kind, long id, int thread, int frame) throws IOException {}

  /** A class; its record has been read in full. */
  void classDump(ClassRecord record) throws IOException {}

  /** An instance; its field values are in the buffer at {@code at}, if this visitor reads fields. */
  void instance(long id, long classId, byte[] buffer, int at, int length) throws IOException {}

  /** An array of references; {@code in} stands at the first of its {@code length} ids and may be left anywhere within. */
  void objectArray(long id, long classId, int length, DumpInput in) throws IOException {}

  /** An array of primitives of the given type; {@code in} stands at its first element and may be left anywhere within. */
  void primitiveArray(long id, int type, int length, DumpInput in) throws IOException {}

  /** Called once when this visitor will not be shown anything more. */
  void done() throws IOException {}
}
