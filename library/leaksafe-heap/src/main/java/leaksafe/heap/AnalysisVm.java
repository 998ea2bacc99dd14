package leaksafe.heap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start a VM that does nothing but analyse dumps. {@link HeapInspector} and the command line start theirs so. */
public final class AnalysisVm {
  /** Up to so many bytes the optimizing compiler costs more CPU time than its code saves. */
  private static final long FAST_COMPILER_ONLY = 512L << 20;

  /** Where Linux says whether processes may ask for huge pages; a VM that asks in vain prints a warning into our report. */
  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
  /** The optimizing compiler waits ten times as long as usual: what little is worth its time is soon called millions of times. */
  private static final List<String> LATE_OPTIMIZATION = List.of(
      "-XX:Tier4InvocationThreshold=50000", "-XX:Tier4MinInvocationThreshold=6000", "-XX:Tier4CompileThreshold=150000",
      "-XX:Tier4BackEdgeThreshold=400000");

  private AnalysisVm() {}

  /**
   * Returns the options with which a HotSpot VM needs least CPU time and memory for a question to the given dumps; the size of the heap is
   * not among them.
   *
   * <p>The tables of an analysis live to its end: they are allocated where they stay, by the serial collector, and never copied. For dumps
   * of less than 512 MB altogether the optimizing compiler is switched off, for others it compiles the few methods that take the time and no
   * more. Where Linux has huge pages for those who ask, the tables are on them. Options that a VM does not know it ignores.
   *
   * @throws IOException if a dump's size cannot be read
   */
  public static List<String> options(List<Path> dumps) throws IOException {
    long bytes = 0;
    for (Path dump : dumps) {
      bytes += Files.size(dump);
    }
    List<String> options = new ArrayList<>(
        List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseSerialGC", "-Xmn32m", "-XX:PretenureSizeThreshold=256k", "-XX:-UsePerfData"));
    if (bytes < FAST_COMPILER_ONLY) {
      options.add("-XX:TieredStopAtLevel=1");
    } else {
      options.addAll(LATE_OPTIMIZATION);
    }
    if (hasHugePages()) {
      options.add("-XX:+UseTransparentHugePages");
    }
    return options;
  }

  private static boolean hasHugePages() {
    try {
      return Files.isReadable(HUGE_PAGES) && !Files.readString(HUGE_PAGES).contains("[never]");
    } catch (IOException e) {
      return false;
    }
  }
}
