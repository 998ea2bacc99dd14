package leaksafe.heap.internal;

import java.util.Arrays;
import java.util.List;

/**
 * How a virtual machine lays out objects. A dump does not say, but the gaps between neighbouring objects do: {@link #infer} takes the
 * layout whose sizes equal most of them.
 *
 * @param header bytes before the fields of an instance
 * @param arrayHeader bytes before the elements of an array, before they are aligned to the element's size
 * @param reference bytes of a reference
 * @param alignment bytes of which the size of each object is a multiple
 */
record Layout(int header, int arrayHeader, int reference, int alignment) {
  private static final int USUAL_ALIGNMENT = 8;
  /** So many objects do not all lie at multiples of more than the alignment by chance. */
  private static final int ENOUGH_OBJECTS = 1000;

  static final Layout COMPRESSED = new Layout(12, 16, 4, USUAL_ALIGNMENT);
  static final Layout COMPRESSED_CLASSES = new Layout(12, 16, 8, USUAL_ALIGNMENT);
  static final Layout UNCOMPRESSED = new Layout(16, 24, 8, USUAL_ALIGNMENT);
  static final Layout COMPACT = new Layout(8, 12, 4, USUAL_ALIGNMENT);
  static final Layout COMPACT_WIDE = new Layout(8, 12, 8, USUAL_ALIGNMENT);
  static final Layout BITS_32 = new Layout(8, 12, 4, USUAL_ALIGNMENT);

  private static final List<Layout> WIDE = List.of(COMPRESSED, COMPRESSED_CLASSES, UNCOMPRESSED, COMPACT, COMPACT_WIDE);

  /** Neighbours that one thread saw in the dump: what the first is, and how far the second lies from it. Keeps the first 20 000. */
  static final class Gaps {
    private static final int MOST = 20_000;
    private static final long FARTHEST = 4096;

    private long[] classIds = new long[256];
    private int[] kinds = new int[256];
    private int[] lengths = new int[256];
    private int[] gaps = new int[256];
    private int size;
    private long lastId;
    private long lastClass;
    private int lastKind;
    private int lastLength;

    /** Takes an object as {@link HeapVisitor#object} shows it. */
    void add(long id, long classId, int kind, int length) {
      if (size < MOST) {
        long gap = id - lastId;
        if (gap > 0 && gap <= FARTHEST && lastId != 0) {
          keep((int) gap);
        }
        lastId = id;
        lastClass = classId;
        lastKind = kind;
        lastLength = length;
      }
    }

    private void keep(int gap) {
      if (size == gaps.length) {
        classIds = Arrays.copyOf(classIds, size * 2);
        kinds = Arrays.copyOf(kinds, size * 2);
        lengths = Arrays.copyOf(lengths, size * 2);
        gaps = Arrays.copyOf(gaps, size * 2);
      }
      classIds[size] = lastClass;
      kinds[size] = lastKind;
      lengths[size] = lastLength;
      gaps[size++] = gap;
    }

    private int matches(Layout layout, ClassTable classes) {
      int equal = 0;
      IdMap instances = new IdMap();
      for (int i = 0; i < size; i++) {
        long bytes = kinds[i] == HeapVisitor.INSTANCE
            ? instance(layout, classes, classIds[i], instances)
            : layout.array(kinds[i] == HeapVisitor.REFERENCES ? layout.reference : Types.bytes(kinds[i]), lengths[i]);
        if (bytes == gaps[i]) {
          equal++;
        }
      }
      return equal;
    }

    private static int instance(Layout layout, ClassTable classes, long classId, IdMap known) {
      int bytes = known.get(classId);
      if (bytes == IdMap.ABSENT) {
        bytes = layout.instance(classes, classes.find(classId));
        known.putIfAbsent(classId, bytes);
      }
      return bytes;
    }
  }

  /**
   * Returns the layout that explains most gaps; the common one where there are none.
   *
   * @param shift the number of zeros at the end of all ids
   * @param count how many objects there are
   */
  static Layout infer(List<Gaps> gaps, ClassTable classes, int idSize, int shift, long count) {
    if (idSize == 4) {
      return BITS_32;
    }
    int alignment = count >= ENOUGH_OBJECTS ? Math.max(USUAL_ALIGNMENT, Math.min(256, 1 << shift)) : USUAL_ALIGNMENT;
    Layout best = COMPRESSED.aligned(alignment);
    int most = 0;
    for (Layout usual : WIDE) {
      Layout layout = usual.aligned(alignment);
      int equal = gaps.stream().mapToInt(g -> g.matches(layout, classes)).sum();
      if (equal > most) {
        best = layout;
        most = equal;
      }
    }
    return best;
  }

  /** Returns the bytes of an array with elements of the given width. */
  long array(int width, int length) {
    long base = (arrayHeader + (long) width - 1) / width * width;
    return align(base + (long) width * length);
  }

  private Layout aligned(int bytes) {
    return new Layout(header, arrayHeader, reference, bytes);
  }

  private long align(long bytes) {
    return (bytes + alignment - 1) & -alignment;
  }

  /**
   * Returns the bytes of an instance, laid out as HotSpot does since JDK 15: class by class from the top, primitives from the widest
   * on, then references, each in the first hole that fits or else at the end.
   */
  int instance(ClassTable classes, ClassInfo info) {
    boolean[] taken = new boolean[256];
    int[] from = new int[9];
    int end = header;
    ClassInfo[] chain = classes.chain(info);
    for (int c = chain.length - 1; c >= 0; c--) {
      int[] counts = new int[9];
      int references = 0;
      for (byte type : chain[c].fieldTypes) {
        if (type == Types.OBJECT) {
          references++;
        } else {
          counts[Types.bytes(type)]++;
        }
      }
      for (int width = 8; width >= 1; width /= 2) {
        for (int i = 0; i < counts[width]; i++) {
          taken = grown(taken, end + 16);
          end = place(taken, from, end, width);
        }
      }
      for (int i = 0; i < references; i++) {
        taken = grown(taken, end + 16);
        end = place(taken, from, end, reference);
      }
      end += chain[c].injectedBytes();
      if (chain[c].injectedBytes() > 0) {
        taken = grown(taken, end + 16);
        Arrays.fill(taken, end - chain[c].injectedBytes(), end, true);
      }
    }
    return (int) align(end);
  }

  private static boolean[] grown(boolean[] taken, int length) {
    return length <= taken.length ? taken : Arrays.copyOf(taken, length * 2);
  }

  /** What is taken stays so: each width is sought from where it was found last, so that a class takes time in proportion to its fields. */
  private int place(boolean[] taken, int[] from, int end, int width) {
    for (int at = Math.max(from[width], (header + width - 1) / width * width); ; at += width) {
      boolean free = true;
      for (int i = at; i < at + width && free; i++) {
        free = !taken[i];
      }
      if (free) {
        Arrays.fill(taken, at, at + width, true);
        from[width] = at + width;
        return Math.max(end, at + width);
      }
    }
  }

  @Override
  public String toString() {
    return header + "-byte headers, " + reference + "-byte references" + (alignment == USUAL_ALIGNMENT ? "" : ", aligned to " + alignment + " bytes");
  }
}
