package leaksafe.heap.forked;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jol.vm.VM;

/** A child of the layout test: prints what JOL says that its objects take, class by class, and dumps itself. */
final class LayoutProgram {
  static class Empty {}

  static class Flag {
    boolean flag = true;
  }

  /** After a flag there is a gap in the superclass, which some layouts fill. */
  static class FlagAndLong extends Flag {
    long number = 1;
  }

  static class References {
    Object first = "first";
    Object second = "second";
    int number = 2;
  }

  static class Mixed extends References {
    byte small = 3;
    double real = 4;
    Object third = "third";
    short middle = 5;
  }

  static final List<Object> OBJECTS = new ArrayList<>();

  private LayoutProgram() {}

  /** Argument: where to dump. */
  public static void main(String[] args) throws Exception {
    OBJECTS.addAll(List.of(new Empty(), new Flag(), new FlagAndLong(), new References(), new Mixed()));
    for (int length = 0; length < 9; length++) {
      OBJECTS.add(new Mixed[length]);
      OBJECTS.add(new Flag[length][0]);
    }
    Map<String, Long> sizes = new LinkedHashMap<>();
    OBJECTS.forEach(object -> sizes.merge(object.getClass().getTypeName(), VM.current().sizeOf(object), Long::sum));
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(args[0], true);
    sizes.forEach((type, bytes) -> System.out.println("size " + type + " " + bytes));
  }
}
