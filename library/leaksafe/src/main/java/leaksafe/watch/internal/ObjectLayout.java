package leaksafe.watch.internal;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * How this HotSpot JVM lays out objects: header and reference widths from its flags; the fields of each class, from the top class on,
 * primitives from the widest on and then references, each in the first hole that fits, as HotSpot does since JDK 15.
 *
 * @param header bytes before the fields
 * @param reference bytes of a reference
 * @param alignment sizes are multiples of it
 * @param packedArrays whether elements follow the length at once where their width allows it: since JDK 22
 */
record ObjectLayout(int header, int reference, int alignment, boolean packedArrays) {
  private static final int LENGTH = 4;

  /** Returns the layout of this JVM: by its flags if they can be read, else that of most. */
  static ObjectLayout ofThisVm() {
    boolean packed = Runtime.version().feature() >= 22;
    if (!JvmModules.hasManagement()) {
      return new ObjectLayout(12, Runtime.getRuntime().maxMemory() < 32L << 30 ? 4 : 8, 8, packed);
    }
    return Flags.read(packed);
  }

  /** Reads the flags; apart, since it needs {@code java.management}. */
  private static final class Flags {
    static ObjectLayout read(boolean packed) {
      boolean compact = flag("UseCompactObjectHeaders", "false").equals("true");
      boolean compressedClasses = flag("UseCompressedClassPointers", "true").equals("true");
      boolean compressedOops = flag("UseCompressedOops", "true").equals("true");
      return new ObjectLayout(compact ? 8 : compressedClasses ? 12 : 16, compressedOops ? 4 : 8,
          Integer.parseInt(flag("ObjectAlignmentInBytes", "8")), packed);
    }

    private static String flag(String name, String otherwise) {
      try {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        CompositeData option = (CompositeData) server.invoke(new ObjectName("com.sun.management:type=HotSpotDiagnostic"), "getVMOption",
            new Object[] {name}, new String[] {String.class.getName()});
        return (String) option.get("value");
      } catch (JMException | RuntimeException e) {
        return otherwise; // this JVM does not have the flag, or no such bean
      }
    }
  }

  long array(int width, long length) {
    int base = packedArrays ? up(header + LENGTH, width) : up(header + LENGTH, 8);
    return align(base + width * length);
  }

  long arrayOf(Class<?> component, long length) {
    return array(width(component), length);
  }

  /** Returns the bytes of an instance. */
  long instance(Class<?> type) {
    Deque<Class<?>> chain = new ArrayDeque<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      chain.push(c);
    }
    boolean[] taken = new boolean[1024];
    int end = header;
    for (Class<?> c : chain) {
      int[] counts = new int[9];
      int references = 0;
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          if (field.getType().isPrimitive()) {
            counts[width(field.getType())]++;
          } else {
            references++;
          }
        }
      }
      for (int width = 8; width >= 1; width /= 2) {
        for (int i = 0; i < counts[width]; i++) {
          taken = roomy(taken, end);
          end = Math.max(end, place(taken, width));
        }
      }
      for (int i = 0; i < references; i++) {
        taken = roomy(taken, end);
        end = Math.max(end, place(taken, reference));
      }
    }
    return align(end);
  }

  private static boolean[] roomy(boolean[] taken, int end) {
    return end + 16 < taken.length ? taken : Arrays.copyOf(taken, taken.length * 2);
  }

  /** Takes the first place that is wide enough and returns its end. */
  private int place(boolean[] taken, int width) {
    for (int at = up(header, width); ; at += width) {
      boolean free = true;
      for (int i = at; i < at + width; i++) {
        free &= !taken[i];
      }
      if (free) {
        Arrays.fill(taken, at, at + width, true);
        return at + width;
      }
    }
  }

  private int width(Class<?> type) {
    return type == long.class || type == double.class ? 8 : type == int.class || type == float.class ? 4
        : type == short.class || type == char.class ? 2 : type == byte.class || type == boolean.class ? 1 : reference;
  }

  private long align(long bytes) {
    return (bytes + alignment - 1) / alignment * alignment;
  }

  private static int up(int at, int width) {
    return (at + width - 1) / width * width;
  }
}
