package leaksafe.heap.internal;

import java.util.Arrays;
import leaksafe.heap.HeapDumpException;

/** The roots of a dump, in arrays. Thread-safe while it is filled. */
final class Roots {
  static final int JNI_GLOBAL = 1;
  static final int JNI_LOCAL = 2;
  static final int JAVA_FRAME = 3;
  static final int NATIVE_STACK = 4;
  static final int STICKY_CLASS = 5;
  static final int THREAD_BLOCK = 6;
  static final int MONITOR = 7;
  static final int THREAD = 8;
  static final int UNKNOWN = 0xFF;

  /** The order in which roots are followed: who owns something comes first, who only happens to use it last. */
  static final int[] ORDER = {THREAD, JNI_GLOBAL, JAVA_FRAME, JNI_LOCAL, THREAD_BLOCK, NATIVE_STACK, MONITOR, STICKY_CLASS, UNKNOWN};

  private final MemoryBudget budget;
  private long[] ids = new long[256];
  private int[] threads = new int[256];
  private int[] frames = new int[256];
  private byte[] kinds = new byte[256];
  private int size;

  Roots(MemoryBudget budget) {
    this.budget = budget;
  }

  synchronized void add(int kind, long id, int thread, int frame) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      threads = Arrays.copyOf(threads, size * 2);
      frames = Arrays.copyOf(frames, size * 2);
      kinds = Arrays.copyOf(kinds, size * 2);
    }
    ids[size] = id;
    threads[size] = thread;
    frames[size] = frame;
    kinds[size++] = (byte) kind;
  }

  /** Claims what the arrays take. */
  void charge() throws HeapDumpException {
    budget.claim(ids.length * 17L, "the roots");
  }

  int size() {
    return size;
  }

  long id(int index) {
    return ids[index];
  }

  int kind(int index) {
    return kinds[index] & 0xFF;
  }

  /** Returns the serial number of the root's thread, or 0. */
  int thread(int index) {
    return threads[index];
  }

  /** Returns the frame number of a frame's root, the trace's serial of a thread, or -1. */
  int frame(int index) {
    return frames[index];
  }

  static String name(int kind) {
    return switch (kind) {
      case JNI_GLOBAL -> "JNI global";
      case JNI_LOCAL -> "JNI local";
      case JAVA_FRAME -> "stack frame";
      case NATIVE_STACK -> "native stack";
      case STICKY_CLASS -> "system class";
      case THREAD_BLOCK -> "thread block";
      case MONITOR -> "monitor";
      case THREAD -> "thread";
      default -> "root";
    };
  }
}
