package leaksafe.heap.internal;

import java.util.Set;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.ReferenceKind;

/**
 * The objects of a dump and what they refer to. Objects are unsigned ints from 1 to {@link #count}; 0 is no object. Immutable once built,
 * so any number of threads may read it.
 */
final class HeapGraph {
  /** What one object refers to: {@code targets[from..to)}, zeros among them, and its class object, which may be 0. */
  static final class Cursor {
    int[] targets = {};
    int from;
    int to;
    int classObject;
    /** The class of an instance or array, null for a class object. */
    ClassInfo type = NO_CLASS;
    /** The class that a class object stands for. */
    ClassInfo self = NO_CLASS;
    boolean isClass;
    /** Labels of the targets, counted from {@code labelShift}; null in arrays. */
    int[] labels = {};
    /** As {@link #labels}, with both ends of a linked list under one label. */
    int[] pathLabels = {};
    boolean isArray;
    private int labelFrom;

    int label(int place, Labels all) {
      return label(place, labels, all);
    }

    int pathLabel(int place, Labels all) {
      return label(place, pathLabels, all);
    }

    private int label(int place, int[] names, Labels all) {
      if (isArray) {
        return all.element;
      }
      int i = place - labelFrom;
      if (i < names.length) {
        return names[i];
      }
      return switch (i - names.length) {
        case 0 -> all.superclass;
        case 1 -> all.loader;
        case 2 -> all.signers;
        default -> all.domain;
      };
    }
  }

  static final int CLASS_EXTRAS = 4;
  private static final int[] NONE = {};
  private static final ClassInfo NO_CLASS = new ClassInfo(0, ClassRecord.missing(0), "", new Names(new MemoryBudget(Long.MAX_VALUE)), new Labels());

  final DumpFile file;
  final ClassTable classes;
  final ObjectIndex index;
  final Layout layout;
  final Roots roots;
  final long count;
  /** The class index of an object, or the complement of the class index that a class object stands for. */
  final IntTable classOf;
  /** The low and, beyond 2^32 ints, the high part of the position of an object's record. */
  private final IntTable low;
  private final IntTable high;
  private final boolean wide;
  final EdgeStore edges;
  private final ClassInfo[] byIndex;
  private final boolean[] skipReferent;

  HeapGraph(HeapIndexer indexed) throws HeapDumpException {
    file = indexed.file;
    classes = indexed.classes();
    index = indexed.index();
    layout = indexed.layout();
    roots = indexed.roots;
    count = index.count();
    classOf = new IntTable(count + 1, file.budget, "the classes of objects");
    low = new IntTable(count + 1, file.budget, "the places of references");
    wide = file.heapBytes() / classes.idSize >= 0xFFFF_FFFFL;
    high = wide ? new IntTable(count + 1, file.budget, "the places of references") : low;
    edges = new EdgeStore(file.budget);
    byIndex = classes.array();
    skipReferent = new boolean[byIndex.length];
    follow(file.options().followed());
  }

  /** Sets whose referents are followed from now on. */
  void follow(Set<ReferenceKind> kinds) {
    for (ClassInfo info : byIndex) {
      skipReferent[info.index] = info.referenceKind != null && !kinds.contains(info.referenceKind) && info.referenceOffsets.length > 0;
    }
  }

  void setPosition(int object, long position) {
    low.set(object, (int) position);
    if (wide) {
      high.set(object, (int) (position >>> 32));
    }
  }

  private long position(int object) {
    long position = low.get(object) & 0xFFFF_FFFFL;
    return wide ? position | (long) high.get(object) << 32 : position;
  }

  ClassInfo type(int classIndex) {
    return byIndex[classIndex];
  }

  /** Points the cursor at what the object refers to. */
  void open(int object, Cursor cursor) {
    int index = classOf.get(object);
    long position = position(object);
    if (index < 0) {
      ClassInfo self = byIndex[~index];
      cursor.self = self;
      cursor.isClass = true;
      cursor.isArray = false;
      cursor.classObject = 0;
      cursor.labels = self.staticLabels;
      cursor.pathLabels = self.staticLabels;
      cursor.targets = edges.chunk(position);
      cursor.from = EdgeStore.place(position);
      cursor.labelFrom = cursor.from;
      cursor.to = cursor.from + self.staticLabels.length + CLASS_EXTRAS;
      return;
    }
    ClassInfo info = byIndex[index];
    cursor.type = info;
    cursor.isClass = false;
    cursor.classObject = info.ordinal;
    cursor.isArray = info.kind == ClassInfo.OBJECT_ARRAY;
    if (position == 0 || info.kind == ClassInfo.PRIMITIVE_ARRAY) {
      cursor.targets = NONE;
      cursor.from = 0;
      cursor.to = 0;
      return;
    }
    int[] chunk = edges.chunk(position);
    int place = EdgeStore.place(position);
    cursor.targets = chunk;
    if (cursor.isArray) {
      cursor.from = place + 1;
      cursor.to = place + 1 + chunk[place];
    } else {
      cursor.labels = info.referenceLabels;
      cursor.pathLabels = info.pathLabels;
      cursor.labelFrom = place;
      cursor.from = skipReferent[index] ? place + 1 : place;
      cursor.to = place + info.referenceLabels.length;
    }
  }

  /** Returns the referent of a reference object, 0 if it is cleared or the object is no reference. */
  int referent(int object) {
    int index = classOf.get(object);
    long position = position(object);
    if (index < 0 || position == 0 || byIndex[index].referenceKind == null) {
      return 0;
    }
    return edges.chunk(position)[EdgeStore.place(position)];
  }

  boolean isClass(int object) {
    return classOf.get(object) < 0;
  }

  /** Returns the class of the object, or for a class object the class that it stands for. */
  ClassInfo typeOf(int object) {
    int index = classOf.get(object);
    return byIndex[index < 0 ? ~index : index];
  }

  /** Returns the length of an array. */
  int length(int object) {
    long position = position(object);
    return position == 0 ? 0 : edges.chunk(position)[EdgeStore.place(position)];
  }

  /** Returns the bytes that the object itself takes. */
  long size(int object) {
    int index = classOf.get(object);
    if (index < 0) {
      return byIndex[~index].mirrorSize;
    }
    ClassInfo info = byIndex[index];
    return info.kind == ClassInfo.INSTANCE ? info.size : layout.array(info.width, length(object));
  }

  /** Returns the object's class and id, for example {@code java.util.HashMap@0x7f00}. */
  String describe(int object) {
    return (isClass(object) ? "class " : "") + typeOf(object).name + "@0x" + Long.toHexString(index.id(object));
  }
}
