package leaksafe.heap.forked;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/** A child of the matrix test: leaks in the given shapes, dumps itself, leaks more, dumps itself again. */
final class LeakyProgram {
  private LeakyProgram() {}

  /** Arguments: first dump, second dump, items in the first, items in the second, shapes. */
  public static void main(String[] args) throws Exception {
    List<Shape> shapes = Arrays.stream(args).skip(4).map(Shape::valueOf).toList();
    int first = Integer.parseInt(args[2]);
    for (Shape shape : shapes) {
      shape.leak(0, first);
    }
    dump(args[0]);
    for (Shape shape : shapes) {
      shape.leak(first, Integer.parseInt(args[3]));
    }
    dump(args[1]);
    System.exit(0);
  }

  private static void dump(String file) throws Exception {
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, true);
  }
}
