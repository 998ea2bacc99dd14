package leaksafe.bench.watch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import leaksafe.watch.AllocationRecorder;

/**
 * What an {@link AllocationRecorder} costs a thread that does nothing but allocate: its processor time with a recorder, by its time without, in
 * turns.
 *
 * <p>Command: {@code java -Xmx1g -cp benchmarks/target/benchmarks.jar leaksafe.bench.watch.RecorderOverhead}. Does not show the flight recorder's
 * own thread, which the second figure of each line does: the processor time of the whole JVM, its collector's included.
 */
public final class RecorderOverhead {
  private static final int ROUNDS = 10;
  private static final int REQUESTS = 1_000_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static long sink;

  private RecorderOverhead() {}

  /** See the class. */
  public static void main(String[] args) {
    work();
    compare("by default", AllocationRecorder.builder());
    compare("without old objects", AllocationRecorder.builder().oldObjects(false));
    compare("1000 samples a second", AllocationRecorder.builder().samplesPerSecond(1000));
    System.out.println("(" + sink + ")");
  }

  private static void compare(String what, AllocationRecorder.Builder builder) {
    double[] own = new double[ROUNDS];
    double[] whole = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long[] without = work();
      try (AllocationRecorder recorder = builder.start()) {
        long[] with = work();
        own[round] = (double) with[0] / without[0];
        whole[round] = (double) with[1] / without[1];
        sink += recorder.snapshot().samples();
      }
    }
    System.out.println("| " + what + " | " + text(own) + " | " + text(whole) + " |");
  }

  private static String text(double[] ratios) {
    Arrays.sort(ratios);
    return String.format(Locale.ROOT, "%.3f (%.3f .. %.3f)", ratios[ROUNDS / 2], ratios[0], ratios[ROUNDS - 1]);
  }

  /** Returns the processor time of this thread and of the whole JVM, in nanoseconds. */
  private static long[] work() {
    long whole = SYSTEM.getProcessCpuTime();
    long own = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < REQUESTS; i++) {
      Map<String, List<Integer>> request = new HashMap<>();
      for (int j = 0; j < 10; j++) {
        List<Integer> numbers = new ArrayList<>();
        numbers.add(i + j);
        request.put("key " + j, numbers);
      }
      sink += request.size();
    }
    return new long[] {THREADS.getCurrentThreadCpuTime() - own, SYSTEM.getProcessCpuTime() - whole};
  }
}
