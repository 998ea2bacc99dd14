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

  /** Whether a root lasts only as long as a call: what else holds an object is more telling then. */
  static boolean isPassing(int kind) {
    return kind == JAVA_FRAME || kind == JNI_LOCAL || kind == NATIVE_STACK || kind == MONITOR || kind == THREAD_BLOCK;
  }

  private final MemoryBudget budget;
  private long[] ids = new long[256];
  private int[] threads = new int[256];
  private int[] frames = new int[256];
  private byte[] kinds = new byte[256];
  private int size;

  Roots(MemoryBudget budget) {
    this.budget = budget;
  }

  synchronized void add(int kind, long id, int thread, int frame) throws HeapDumpException {
    if (size == ids.length) {
      budget.claim(size * 17L, "the roots");
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

  /** Sorts the roots by id, so that an analysis does not depend on which thread read what. */
  void freeze() throws HeapDumpException {
    budget.claim(size * 40L, "the roots");
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> {
      int byId = Long.compareUnsigned(ids[a], ids[b]);
      int byKind = byId != 0 ? byId : Byte.compare(kinds[a], kinds[b]);
      int byThread = byKind != 0 ? byKind : Integer.compare(threads[a], threads[b]);
      return byThread != 0 ? byThread : Integer.compare(frames[a], frames[b]);
    });
    long[] sortedIds = new long[size];
    int[] sortedThreads = new int[size];
    int[] sortedFrames = new int[size];
    byte[] sortedKinds = new byte[size];
    for (int i = 0; i < size; i++) {
      sortedIds[i] = ids[order[i]];
      sortedThreads[i] = threads[order[i]];
      sortedFrames[i] = frames[order[i]];
      sortedKinds[i] = kinds[order[i]];
    }
    ids = sortedIds;
    threads = sortedThreads;
    frames = sortedFrames;
    kinds = sortedKinds;
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
