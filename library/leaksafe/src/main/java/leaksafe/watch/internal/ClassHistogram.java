package leaksafe.watch.internal;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import leaksafe.watch.ClassCount;

/** HotSpot's class histogram, asked of the diagnostic command MBean, which alone can be asked without another process. Needs {@code java.management}. */
public final class ClassHistogram {
  private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");
  private static final Pattern ADDRESS = Pattern.compile("(\\$\\$Lambda)?(\\$\\d+)?[/+]0x[0-9a-f]+");
  private static final Map<Character, String> PRIMITIVES = Map.of('Z', "boolean", 'B', "byte", 'C', "char", 'S', "short", 'I', "int",
      'J', "long", 'F', "float", 'D', "double");

  private ClassHistogram() {}

  /** Returns the counts by class, of garbage too if so asked; else garbage is collected first. */
  public static List<ClassCount> take(boolean garbageToo) {
    try {
      String[] options = garbageToo ? new String[] {"-all"} : new String[0];
      return parse((String) ManagementFactory.getPlatformMBeanServer().invoke(
          new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram", new Object[] {options},
          new String[] {String[].class.getName()}));
    } catch (JMException | RuntimeException e) {
      throw new IllegalStateException("a heap snapshot needs HotSpot's diagnostic command GC.class_histogram, which this JVM ("
          + System.getProperty("java.vm.name") + ") does not offer: run on a HotSpot JVM, with the module jdk.management", e);
    }
  }

  /** Reads the histogram's text; classes of one name are added up. */
  static List<ClassCount> parse(String text) {
    Map<String, ClassCount> byName = new LinkedHashMap<>();
    for (String line : text.split("\n", -1)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String name = ADDRESS.matcher(inJava(matcher.group(3))).replaceAll("$1");
        ClassCount count = new ClassCount(name, Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
        byName.merge(name, count, (a, b) -> new ClassCount(name, a.instances() + b.instances(), a.bytes() + b.bytes()));
      }
    }
    return new ArrayList<>(byName.values());
  }

  /** Returns {@code byte[]} for {@code [B}, and so on. */
  static String inJava(String name) {
    int dimensions = 0;
    while (name.charAt(dimensions) == '[') {
      dimensions++;
    }
    if (dimensions == 0) {
      return name;
    }
    String element = name.charAt(dimensions) == 'L'
        ? name.substring(dimensions + 1).replaceFirst(";$", "") : PRIMITIVES.getOrDefault(name.charAt(dimensions), name);
    return element + "[]".repeat(dimensions);
  }
}
