package leaksafe.bench.heap;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leaksafe.heap.AnalysisVm;

/**
 * Heap dump libraries side by side, each question in a JVM of its own: CPU time and peak resident memory of the whole process. The questions:
 * how the map of sessions is held (asked of leaksafe for all sessions, which is more); how one session in the midst of all is held, the same for
 * each tool; what the map holds.
 *
 * <p>Command, after {@code mvn package}: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.heap.HeapComparison s1.hprof
 * [MEGABYTES-OF-HEAP [TOOL,TOOL...]]} with a dump of {@link LeakZoo}. 2 048 MB of heap and all tools unless said otherwise. A dump of 1 GB
 * needs 6 144 MB and nine minutes.
 *
 * <p>What it does not show: wall-clock time on several processors; growth, which only Shark has besides leaksafe (its newest releases take
 * hours for wide maps); how right the answers are (the lines that it prints say what each tool counted for the map of sessions).
 */
public final class HeapComparison {
  private static final String TYPE = LeakZoo.Cache.class.getName();
  private static final String SESSION = LeakZoo.Session.class.getName();
  /** How the question begins that is about one object, whose id follows. */
  private static final String ONE = "path of 0x";
  private static final List<String> USUAL = List.of("-XX:+UseParallelGC");
  private static final long BOTH_WAYS_UP_TO = 512L << 20;

  private HeapComparison() {}

  /** Runs each tool, or, as a child, one. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("--child")) {
      child(HeapTool.valueOf(args[1]), args[2], Path.of(args[3]));
      return;
    }
    Path dump = Path.of(args[0]);
    String megabytes = args.length > 1 ? args[1] : "2048";
    List<HeapTool> tools = args.length > 2 ? Arrays.stream(args[2].toUpperCase(Locale.ROOT).split(",")).map(HeapTool::valueOf).toList()
        : List.of(HeapTool.values());
    System.out.printf("%s, %d MB, JDK %s, heap of %s MB%n", dump.getFileName(), Files.size(dump) >> 20, System.getProperty("java.version"), megabytes);
    System.out.println("| tool | question | CPU | resident | answer |\n|---|---|---|---|---|");
    String one = ONE + Long.toHexString(SharkAnswers.instance(dump, SESSION));
    for (HeapTool tool : tools) {
      for (String question : List.of("paths", one, "retained")) {
        System.out.println(run(tool, question, dump, megabytes));
      }
    }
  }

  /** Ours with the options that our command line starts its VM with; others with those or the usual ones, whichever takes them less (retained sizes
   * of a large dump, which take minutes, with the usual ones only). */
  private static String run(HeapTool tool, String question, Path dump, String megabytes) throws IOException, InterruptedException {
    List<String> ours = AnalysisVm.options(List.of(dump));
    List<List<String>> ways = tool == HeapTool.LEAKSAFE ? List.of(ours)
        : !question.equals("retained") || Files.size(dump) < BOTH_WAYS_UP_TO ? List.of(USUAL, ours) : List.of(USUAL);
    Outcome best = run(tool, question, dump, megabytes, ways.get(0));
    for (List<String> way : ways.subList(1, ways.size())) {
      Outcome other = run(tool, question, dump, megabytes, way);
      best = other.seconds < best.seconds ? other : best;
    }
    return "| " + tool.name().toLowerCase(Locale.ROOT) + " | " + question + " | " + best.text + " |";
  }

  private record Outcome(double seconds, String text) {}

  private static Outcome run(HeapTool tool, String question, Path dump, String megabytes, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + megabytes + "m"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(tool), HeapComparison.class.getName(), "--child", tool.name(), question, dump.toString()));
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    dropCache(dump);
    return out.lines().filter(line -> line.startsWith("@")).findFirst().map(line -> line.substring(1))
        .map(line -> new Outcome(Double.parseDouble(line.substring(0, line.indexOf(' '))), line))
        .orElse(new Outcome(Double.MAX_VALUE, "failed with " + code + " | | "));
  }

  /** NetBeans' library leaves a directory beside the dump, and fails when it finds the one of another question. */
  private static void dropCache(Path dump) throws IOException {
    Path cache = dump.resolveSibling(dump.getFileName() + ".nbcache");
    if (Files.isDirectory(cache)) {
      try (Stream<Path> files = Files.walk(cache)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** The class path without the other of the two libraries whose classes have the same names. */
  private static String classPath(HeapTool tool) throws IOException {
    String unwanted = tool == HeapTool.GRIDKIT ? "org-netbeans-lib-profiler" : "hprof-heap";
    List<String> all = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      all.add(entry);
      Path lib = Path.of(entry).toAbsolutePath().resolveSibling("lib");
      if (entry.endsWith(".jar") && Files.isDirectory(lib)) {
        // The manifest of the jar names the libraries in lib, unwanted ones too; the wanted come first.
        try (Stream<Path> files = Files.list(lib)) {
          files.map(Path::toString).filter(file -> file.endsWith(".jar")).sorted().forEach(all::add);
        }
      }
    }
    all.removeIf(entry -> entry.contains(unwanted));
    // Libraries before the jar whose manifest has both.
    all.sort((a, b) -> Boolean.compare(a.endsWith("benchmarks.jar"), b.endsWith("benchmarks.jar")));
    return all.stream().distinct().collect(Collectors.joining(File.pathSeparator));
  }

  private static void child(HeapTool tool, String question, Path dump) throws Exception {
    String answer = question.equals("paths") ? tool.paths(dump, tool == HeapTool.LEAKSAFE ? SESSION : TYPE)
        : question.startsWith(ONE) ? tool.path(dump, Long.parseLong(question.substring(ONE.length()), 16))
        : tool.retained(dump, TYPE);
    long nanos = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    String resident = "?";
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      resident = Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).map(line -> line.replaceAll("\\D", ""))
          .map(kilobytes -> Long.parseLong(kilobytes) / 1024 + " MB").findFirst().orElse("?");
    }
    System.out.printf(Locale.ROOT, "@%.1f s | %s | %s%n", nanos / 1e9, resident, telling(answer));
    System.exit(0);
  }

  /** The line of an answer about the map of sessions. */
  private static String telling(String answer) {
    return answer.lines().filter(line -> line.contains("SESSIONS") || line.contains("HashMap") || line.contains("bytes retained"))
        .findFirst().orElse("").strip().replaceAll("\\s+", " ").replace('|', '/');
  }
}
