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
      return i < names.length ? names[i] : extra(i - names.length, all);
    }

    private static int extra(int i, Labels all) {
      return switch (i) {
        case 0 -> all.superclass;
        case 1 -> all.loader;
        case 2 -> all.signers;
        default -> all.domain;
      };
    }
  }

  static final int CLASS_EXTRAS = 4;
  /** No object has this number: there are fewer. */
  static final int NO_LEAF = -1;
  private static final int CLASS_SHIFT = 40;
  private static final long POSITION_MASK = (1L << CLASS_SHIFT) - 1;
  private static final int[] NONE = {};
  private static final ClassInfo NO_CLASS = new ClassInfo(0, ClassRecord.missing(0), "", new Names(new MemoryBudget(Long.MAX_VALUE)), new Labels());

  final DumpFile file;
  final ClassTable classes;
  final ObjectIndex index;
  final Layout layout;
  final Roots roots;
  final long count;
  /**
   * Of each object, in one word so that a look costs one miss of the cache: above {@link #CLASS_SHIFT} its class index, or the
   * complement of the class index that a class object stands for; below, the position of its references, or a primitive array's length.
   */
  private final LongTable records;
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
    if (classes.size() >= 1 << 63 - CLASS_SHIFT) {
      throw new HeapDumpException("the dump has " + classes.size() + " classes, more than 8388607", -1);
    }
    records = new LongTable(count + 1, file.budget, "the classes of objects");
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

  /** Sets the class index of an object and the position of its references, 0 if it has none. */
  void set(int object, int classIndex, long position) {
    records.set(object, (long) classIndex << CLASS_SHIFT | position);
  }

  /** Returns the class index of an object, 0 if it is not known, or the complement of the one that a class object stands for. */
  int classOf(int object) {
    return (int) (records.get(object) >> CLASS_SHIFT);
  }

  ClassInfo type(int classIndex) {
    return byIndex[classIndex];
  }

  /** Returns all that is known of an object in one word, so that who looks at many can load them before he looks at the first. */
  long record(int object) {
    return records.get(object);
  }

  /** Returns the class index in a record, or the complement of the one that a class object stands for. */
  static int classOf(long record) {
    return (int) (record >> CLASS_SHIFT);
  }

  /** Points the cursor at what the object refers to. */
  void open(int object, Cursor cursor) {
    open(records.get(object), cursor);
  }

  /** Points the cursor at what the object with the given record refers to. */
  void open(long record, Cursor cursor) {
    int index = (int) (record >> CLASS_SHIFT);
    long position = record & POSITION_MASK;
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
    long record = records.get(object);
    int index = (int) (record >> CLASS_SHIFT);
    long position = record & POSITION_MASK;
    if (index < 0 || position == 0 || byIndex[index].referenceKind == null) {
      return 0;
    }
    return edges.chunk(position)[EdgeStore.place(position)];
  }

  boolean isClass(int object) {
    return classOf(object) < 0;
  }

  /** Returns the class object of an object that refers to nothing else, or {@link #NO_LEAF}. */
  int onlyClass(int object) {
    return onlyClass(records.get(object));
  }

  /** As {@link #onlyClass(int)}, of the object with the given record. */
  int onlyClass(long record) {
    if (record < 0) {
      return NO_LEAF;
    }
    ClassInfo info = byIndex[(int) (record >> CLASS_SHIFT)];
    return info.kind == ClassInfo.PRIMITIVE_ARRAY || (record & POSITION_MASK) == 0 ? info.ordinal : NO_LEAF;
  }

  /** Returns the class of the object, or for a class object the class that it stands for. */
  ClassInfo typeOf(int object) {
    int index = classOf(object);
    return byIndex[index < 0 ? ~index : index];
  }

  /** Returns the length of an array. */
  int length(int object) {
    long record = records.get(object);
    return length(byIndex[(int) (record >> CLASS_SHIFT)], record & POSITION_MASK);
  }

  private int length(ClassInfo type, long position) {
    if (type.kind == ClassInfo.PRIMITIVE_ARRAY) {
      return (int) position;
    }
    return position == 0 ? 0 : edges.chunk(position)[EdgeStore.place(position)];
  }

  /** Returns the bytes that the object itself takes. */
  long size(int object) {
    return size(records.get(object));
  }

  /** Returns the bytes that the object with the given record takes. */
  long size(long record) {
    int index = (int) (record >> CLASS_SHIFT);
    if (index < 0) {
      return byIndex[~index].mirrorSize;
    }
    ClassInfo info = byIndex[index];
    return info.kind == ClassInfo.INSTANCE ? info.size : layout.array(info.width, length(info, record & POSITION_MASK));
  }

  /** Returns the object's class and id, for example {@code java.util.HashMap@0x7f00}. */
  String describe(int object) {
    return (isClass(object) ? "class " : "") + typeOf(object).name + "@0x" + Long.toHexString(index.id(object));
  }
}
