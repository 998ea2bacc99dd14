package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.ReferenceKind;
import org.jspecify.annotations.Nullable;

/** The classes of a dump, with what is needed to read their instances. Index 0 is the class of instances whose class is missing. */
final class ClassTable {
  private static final String REFERENCE = "java.lang.ref.Reference";
  private static final int DEEPEST = 256;
  /** The fields for both ends of the linked lists of the JDK and of many others. */
  private static final String[][] ENDS = {{"head", "tail"}, {"first", "last"}};
  private static final int MIRROR = 112;

  private final List<ClassInfo> classes = new ArrayList<>();
  private final IdMap places = new IdMap();
  private final int[] primitiveArrays = new int[12];
  private final ClassInfo missingArray;
  final Labels labels = new Labels();
  final int idSize;

  /** Resolves the names of classes; sizes come with {@link #layOut}. */
  ClassTable(List<ClassRecord> unordered, DumpFile file) throws HeapDumpException {
    // By id, so that an analysis does not depend on which thread read what.
    List<ClassRecord> records = new ArrayList<>(unordered);
    records.sort((a, b) -> Long.compareUnsigned(a.id, b.id));
    idSize = file.idSize;
    ClassRecord missing = ClassRecord.missing(0);
    classes.add(new ClassInfo(0, missing, "(class missing in the dump)", file.names, labels));
    for (ClassRecord record : records) {
      if (record.id != 0 && places.putIfAbsent(record.id, classes.size())) {
        classes.add(new ClassInfo(classes.size(), record, file.className(record.id), file.names, labels));
      }
    }
    Map<String, Integer> canonical = new HashMap<>();
    for (ClassInfo info : classes) {
      Integer first = canonical.putIfAbsent(info.stableName, info.index);
      info.canonical = first == null ? info.index : first;
    }
    for (int type = Types.BOOLEAN; type <= Types.LONG; type++) {
      Integer known = canonical.get(Types.name(type) + "[]");
      if (known == null) {
        ClassInfo made = new ClassInfo(classes.size(), missing, Types.name(type) + "[]", file.names, labels);
        made.canonical = made.index;
        classes.add(made);
        known = made.index;
      }
      ClassInfo info = classes.get(known);
      info.kind = ClassInfo.PRIMITIVE_ARRAY;
      info.width = Types.bytes(type);
      primitiveArrays[type] = known;
    }
    missingArray = new ClassInfo(classes.size(), missing, "(class missing in the dump)[]", file.names, labels);
    missingArray.canonical = missingArray.index;
    classes.add(missingArray);
    for (ClassInfo info : classes) {
      flatten(info, file.budget);
    }
  }

  private void flatten(ClassInfo info, MemoryBudget budget) throws HeapDumpException {
    if (info.kind == ClassInfo.INSTANCE && info.name.endsWith("[]")) {
      info.kind = ClassInfo.OBJECT_ARRAY;
    }
    ClassInfo[] chain = chain(info);
    info.referenceKind = kindOf(chain);
    int[] offsets = new int[8];
    int[] names = new int[8];
    int count = 0;
    int offset = 0;
    for (ClassInfo owner : chain) {
      for (int i = 0; i < owner.fieldTypes.length; i++) {
        if (owner.fieldTypes[i] == Types.OBJECT && !(owner.name.equals(REFERENCE) && owner.fieldNames[i].equals("discovered"))) {
          if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            names = Arrays.copyOf(names, count * 2);
          }
          offsets[count] = offset;
          names[count++] = labels.of(owner.fieldNames[i]);
          if (info.referenceKind != null && owner.name.equals(REFERENCE) && owner.fieldNames[i].equals("referent")) {
            toFront(offsets, count - 1);
            toFront(names, count - 1);
          }
        }
        offset += width(owner.fieldTypes[i]);
      }
    }
    budget.claim(count * 3L * Integer.BYTES, "the fields of classes");
    info.referenceOffsets = Arrays.copyOf(offsets, count);
    info.referenceLabels = Arrays.copyOf(names, count);
    info.pathLabels = bothEndsAsOne(info.referenceLabels);
    info.dumpBytes = offset;
  }

  private int[] bothEndsAsOne(int[] fields) {
    int[] path = fields.clone();
    for (String[] ends : ENDS) {
      int first = labels.of(ends[0]);
      int last = labels.of(ends[1]);
      if (Arrays.stream(fields).anyMatch(label -> label == first)) {
        Arrays.setAll(path, i -> path[i] == last ? first : path[i]);
      }
    }
    return path;
  }

  private static void toFront(int[] array, int place) {
    int value = array[place];
    System.arraycopy(array, 0, array, 1, place);
    array[0] = value;
  }

  private static @Nullable ReferenceKind kindOf(ClassInfo[] chain) {
    for (ClassInfo info : chain) {
      switch (info.name) {
        case "java.lang.ref.SoftReference":
          return ReferenceKind.SOFT;
        case "java.lang.ref.WeakReference":
          return ReferenceKind.WEAK;
        case "java.lang.ref.PhantomReference":
          return ReferenceKind.PHANTOM;
        case "java.lang.ref.FinalReference":
          return ReferenceKind.FINAL;
        default:
      }
    }
    return null;
  }

  /** Computes the sizes under the given layout. */
  void layOut(Layout layout) {
    for (ClassInfo info : classes) {
      info.size = info.kind == ClassInfo.INSTANCE ? layout.instance(this, info) : 0;
      if (info.kind == ClassInfo.OBJECT_ARRAY) {
        info.width = layout.reference();
      }
      info.mirrorSize = (MIRROR + info.staticBytes + info.staticTargets.length * layout.reference() + 7) & -8;
    }
  }

  int width(int type) {
    return type == Types.OBJECT ? idSize : Types.bytes(type);
  }

  /** Returns the class and its superclasses, itself first; damaged dumps may have cycles, so at most 256. */
  ClassInfo[] chain(ClassInfo info) {
    List<ClassInfo> chain = new ArrayList<>();
    Set<ClassInfo> seen = new HashSet<>();
    for (ClassInfo at = info; at.index != 0 && chain.size() < DEEPEST && seen.add(at); at = find(at.superId)) {
      chain.add(at);
    }
    return chain.toArray(new ClassInfo[0]);
  }

  /** Returns where the named field of the class with the given name lies in the values of an instance of {@code info}, or -1. */
  int offset(ClassInfo info, String owner, String field) {
    int offset = 0;
    for (ClassInfo at : chain(info)) {
      for (int i = 0; i < at.fieldTypes.length; i++) {
        if (at.fieldNames[i].equals(field) && at.name.equals(owner)) {
          return offset;
        }
        offset += width(at.fieldTypes[i]);
      }
    }
    return -1;
  }

  boolean isSubclass(ClassInfo info, String name) {
    return Arrays.stream(chain(info)).anyMatch(c -> c.name.equals(name));
  }

  /** Returns the class with the given id, or the one at index 0. */
  ClassInfo find(long id) {
    int place = places.get(id);
    return classes.get(place == IdMap.ABSENT ? 0 : place);
  }

  /** Returns the first class with the given name. */
  @Nullable ClassInfo named(String name) {
    return classes.stream().filter(info -> info.name.equals(name)).findFirst().orElse(null);
  }

  ClassInfo at(int index) {
    return classes.get(index);
  }

  ClassInfo primitiveArray(int type) {
    return classes.get(primitiveArrays[type]);
  }

  /** Returns the class of arrays of references whose class is missing, so that their elements can be found all the same. */
  ClassInfo missingArray() {
    return missingArray;
  }

  int size() {
    return classes.size();
  }

  ClassInfo[] array() {
    return classes.toArray(new ClassInfo[0]);
  }
}
