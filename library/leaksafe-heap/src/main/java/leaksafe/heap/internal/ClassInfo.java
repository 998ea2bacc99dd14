package leaksafe.heap.internal;

import java.util.regex.Pattern;
import leaksafe.heap.ReferenceKind;
import org.jspecify.annotations.Nullable;

/** A class of a dump. */
final class ClassInfo {
  static final int INSTANCE = 0;
  static final int OBJECT_ARRAY = 1;
  static final int PRIMITIVE_ARRAY = 2;

  private static final Pattern HIDDEN = Pattern.compile("(/|\\+)0x[0-9a-f]+");
  private static final Pattern NUMBERED = Pattern.compile("(\\$\\$Lambda\\$|GeneratedMethodAccessor|GeneratedConstructorAccessor|LambdaForm\\$[A-Z]+\\$)[0-9]+");

  final int index;
  final long id;
  final long superId;
  final long loaderId;
  final String name;
  /** The name without the numbers that differ from run to run. */
  final String stableName;
  /** Equal for classes with equal stable names. */
  int canonical;
  /** The number of the class object, 0 if the dump lacks it. */
  int ordinal;
  int kind = INSTANCE;
  /** Of an array: bytes of an element. */
  int width;
  /** Of instances: their bytes in the heap. */
  int size;
  /** What the class object takes, statics included; near, not exact, since the VM's hidden fields differ between versions. */
  int mirrorSize;
  final String[] fieldNames;
  final byte[] fieldTypes;
  final long[] staticTargets;
  final int[] staticLabels;
  final long signersId;
  final long domainId;
  final int staticBytes;
  /** Of instances: where the references are in the field values, and the labels of their fields. */
  int[] referenceOffsets = {};
  int[] referenceLabels = {};
  /** The labels under which structural paths go on: both ends of a linked list are one way into it. */
  int[] pathLabels = {};
  /** Bytes that the field values of an instance take in the dump. */
  int dumpBytes;
  /** What kind of reference its instances are; their referent is then the first of {@link #referenceOffsets}. */
  @Nullable ReferenceKind referenceKind;

  ClassInfo(int index, ClassRecord record, String name, Names names, Labels labels) {
    this.index = index;
    id = record.id;
    superId = record.superId;
    loaderId = record.loaderId;
    signersId = record.signersId;
    domainId = record.domainId;
    this.name = name;
    stableName = stable(name);
    fieldNames = new String[record.fieldNames.length];
    for (int i = 0; i < fieldNames.length; i++) {
      fieldNames[i] = names.get(record.fieldNames[i]);
    }
    fieldTypes = record.fieldTypes;
    staticTargets = record.staticValues;
    staticLabels = new int[record.staticNames.length];
    for (int i = 0; i < staticLabels.length; i++) {
      staticLabels[i] = labels.of(names.get(record.staticNames[i]));
    }
    staticBytes = record.staticPrimitiveBytes;
  }

  /** Drops the numbers; few names have any, and the patterns cost more than all else that is done with a name. */
  private static String stable(String name) {
    String known = name.contains("0x") ? HIDDEN.matcher(name).replaceAll("") : name;
    return known.contains("Lambda") || known.contains("Accessor") ? NUMBERED.matcher(known).replaceAll("$1") : known;
  }

  /** Returns the bytes of fields that the VM adds and dumps do not show. */
  int injectedBytes() {
    return switch (name) {
      case "java.lang.ClassLoader", "java.lang.invoke.ResolvedMethodName", "java.lang.invoke.MemberName" -> 8;
      default -> 0;
    };
  }

  String simpleName() {
    return simple(name);
  }

  static String simple(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
