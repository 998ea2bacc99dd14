package leaksafe.heap.internal;

/** The types of values in a dump. */
final class Types {
  static final int OBJECT = 2;
  static final int BOOLEAN = 4;
  static final int CHAR = 5;
  static final int BYTE = 8;
  static final int INT = 10;
  static final int LONG = 11;

  private static final int[] BYTES = {0, 0, 0, 0, 1, 2, 4, 8, 1, 2, 4, 8};
  private static final String[] NAMES = {"", "", "", "", "boolean", "char", "float", "double", "byte", "short", "int", "long"};

  private Types() {}

  static boolean isPrimitive(int type) {
    return type >= BOOLEAN && type <= LONG;
  }

  /** Returns the bytes of a primitive, in the dump and in the heap alike. */
  static int bytes(int type) {
    return BYTES[type];
  }

  static String name(int type) {
    return NAMES[type];
  }

  /** Returns the readable form of a class name as dumps have it, {@code [Ljava/lang/String;} as {@code java.lang.String[]}. */
  static String readable(String name) {
    int dimensions = 0;
    while (dimensions < name.length() && name.charAt(dimensions) == '[') {
      dimensions++;
    }
    if (dimensions == 0) {
      return name.replace('/', '.');
    }
    String element = name.substring(dimensions);
    String base = element.startsWith("L") && element.endsWith(";") ? element.substring(1, element.length() - 1).replace('/', '.') : primitive(element);
    return base + "[]".repeat(dimensions);
  }

  private static String primitive(String code) {
    return switch (code) {
      case "Z" -> "boolean";
      case "C" -> "char";
      case "F" -> "float";
      case "D" -> "double";
      case "B" -> "byte";
      case "S" -> "short";
      case "I" -> "int";
      case "J" -> "long";
      default -> code;
    };
  }
}
