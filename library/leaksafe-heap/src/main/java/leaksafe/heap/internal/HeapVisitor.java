package leaksafe.heap.internal;

import java.io.IOException;

/** Is shown the objects of a heap segment. One visitor belongs to one thread. Does nothing unless overridden. */
abstract class HeapVisitor {
  /** The kind of an object that is an instance; that of an array of primitives is the type of its elements. */
  static final int INSTANCE = 0;
  /** The kind of an object that is an array of references. */
  static final int REFERENCES = -1;

  /**
   * Whether this visitor looks into objects: it is then shown each by {@link #instance}, {@link #objectArray} or {@link #primitiveArray}, and
   * else, which is faster, by {@link #object}. Always the same.
   */
  boolean readsContents() {
    return false;
  }

  /** A root of the given kind ({@link Roots}); {@code thread} is the serial of its thread or 0, {@code frame} a frame or trace serial or -1. */
  void root(int kind, long id, int thread, int frame) throws IOException {}

  /** A class; its record has been read in full. */
  void classDump(ClassRecord record) throws IOException {}

  /** An object of the given kind; the class of an array of primitives is 0. The length is in elements, of an instance in bytes. */
  void object(long id, long classId, int kind, int length) throws IOException {}

  /** An instance; its field values are in the buffer at {@code at}. */
  void instance(long id, long classId, byte[] buffer, int at, int length) throws IOException {}

  /** An array of references; {@code in} stands at the first of its {@code length} ids and may be left anywhere within. */
  void objectArray(long id, long classId, int length, DumpInput in) throws IOException {}

  /** An array of primitives of the given type; {@code in} stands at its first element and may be left anywhere within. */
  void primitiveArray(long id, int type, int length, DumpInput in) throws IOException {}

  /** Called once when this visitor will not be shown anything more. */
  void done() throws IOException {}
}
