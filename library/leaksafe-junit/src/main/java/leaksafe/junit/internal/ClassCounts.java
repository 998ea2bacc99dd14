package leaksafe.junit.internal;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * How many live instances each class has, and how many bytes all of them take: the JVM's own class histogram, after a full collection.
 *
 * @param counts by class name, of arrays as in source; classes of lambdas are counted as one for each class that has them
 * @param bytes of all
 */
record ClassCounts(Map<String, Long> counts, long bytes) {
  private static final Pattern ROW = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");
  private static final Pattern HIDDEN = Pattern.compile("(\\$\\$Lambda).*|/0x[0-9a-f]+");

  static ClassCounts take() {
    String text;
    try {
      text = (String) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"),
          "gcClassHistogram", new Object[] {new String[0]}, new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("@LeakFree needs the class histogram of HotSpot, which this JVM (" + System.getProperty("java.vm.name")
          + ") does not give", e);
    }
    Map<String, Long> counts = new HashMap<>();
    long bytes = 0;
    for (String line : text.split("\n")) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        counts.merge(name(row.group(3)), Long.parseLong(row.group(1)), Long::sum);
        bytes += Long.parseLong(row.group(2));
      }
    }
    return new ClassCounts(counts, bytes);
  }

  private static String name(String raw) {
    String name = HIDDEN.matcher(raw).replaceAll("$1");
    int dimensions = 0;
    while (dimensions < name.length() && name.charAt(dimensions) == '[') {
      dimensions++;
    }
    if (dimensions == 0) {
      return name;
    }
    String element = switch (name.charAt(dimensions)) {
      case 'B' -> "byte";
      case 'C' -> "char";
      case 'D' -> "double";
      case 'F' -> "float";
      case 'I' -> "int";
      case 'J' -> "long";
      case 'S' -> "short";
      case 'Z' -> "boolean";
      default -> name.substring(dimensions + 1, name.length() - (name.endsWith(";") ? 1 : 0));
    };
    return element + "[]".repeat(dimensions);
  }
}
