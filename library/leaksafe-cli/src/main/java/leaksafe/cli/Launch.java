package leaksafe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leaksafe.heap.AnalysisVm;

/**
 * Starts the program again in a VM whose options suit the work, so that nobody has to know them: for dumps with a heap that fits them,
 * for the lint without the optimizing compiler, which takes more CPU time than so short a run gets back. A VM that was started with
 * options of its own is left as it is.
 */
final class Launch {
  private static final Set<String> QUESTIONS =
      Set.of("growth", "why", "retained", "containers", "loaders", "ephemerons", "histogram", "diff", "strings", "threads");
  private static final String LINT = "lint";
  private static final List<String> LINT_OPTIONS =
      List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1");
  private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
  private static final String LAUNCHED = "leaksafe.launched";
  /** Retained sizes of small objects only take two and a half times their dump; the contents of compressed ones are up to ten times as large. */
  private static final long PLAIN_PERCENT = 250;
  private static final long COMPRESSED_PERCENT = 2500;
  private static final long SPARE = 128L << 20;
  /** What the VM for the analysis adds to its exit code: a VM that does not even start ends with 1, which must not pass for growth. */
  private static final int ANSWERED = 40;
  private static final int KILLED = 137;

  private Launch() {}

  /** Runs the program in a VM of its own if that is better; returns its exit code, or -1 if this VM should do it. */
  static int run(String[] args) throws IOException, InterruptedException {
    boolean lints = args.length > 1 && args[0].equals(LINT);
    if (args.length == 0 || !lints && !QUESTIONS.contains(args[0]) || isLaunched()) {
      return -1;
    }
    List<Path> dumps = lints ? List.of() : dumps(args);
    String[] own = ProcessHandle.current().info().arguments().orElse(new String[] {"-X"});
    if (dumps.isEmpty() && !lints || hasOptions(own, System.getenv())) {
      return -1;
    }
    // By default a VM takes a quarter of the memory that the machine, or its container, has.
    long heap = Runtime.getRuntime().maxMemory();
    List<String> command = lints ? again(args, LINT_OPTIONS, heap) : command(args, dumps, heap / 4 * 3 * 4);
    Process child = new ProcessBuilder(command).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(child::destroy, "leaksafe-launch"));
    return decoded(child.waitFor());
  }

  static boolean isLaunched() {
    return Boolean.getBoolean(LAUNCHED);
  }

  /** Returns the code with which the VM for the analysis ends. */
  static int coded(int code) {
    return ANSWERED + code;
  }

  /** Returns the exit code that the VM for the analysis meant. */
  static int decoded(int code) throws IOException {
    int meant = code - ANSWERED;
    if (meant < 0 || meant > Main.BAD_USE) {
      throw new IOException("the VM that was to do the work ended with code " + code
          + (code == KILLED ? ", which means that it was killed, perhaps for want of memory" : "")
          + "; to choose its options yourself, start this program with some, as in java -Xmx4g -jar leaksafe-cli.jar");
    }
    return meant;
  }

  /** Returns the arguments that are files. */
  static List<Path> dumps(String[] args) {
    List<Path> dumps = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      try {
        Path path = Path.of(args[i]);
        if (Files.isRegularFile(path)) {
          dumps.add(path);
        }
      } catch (InvalidPathException e) {
        continue; // The name of a class, say.
      }
    }
    return dumps;
  }

  /** Whether options of a VM are among what it was started with, or in its environment. */
  static boolean hasOptions(String[] own, Map<String, String> environment) {
    for (String argument : own) {
      if (argument.startsWith("-X")) {
        return true;
      }
      if (argument.equals("-jar") || argument.equals(Main.class.getName())) {
        break; // What follows is ours.
      }
    }
    return VARIABLES.stream().anyMatch(environment::containsKey);
  }

  /** Returns the command that runs the program in a VM made for the dumps. */
  static List<String> command(String[] args, List<Path> dumps, long mostBytes) throws IOException {
    long bytes = SPARE;
    for (Path dump : dumps) {
      bytes += Files.size(dump) / 100 * (isCompressed(dump) ? COMPRESSED_PERCENT : PLAIN_PERCENT);
    }
    return again(args, AnalysisVm.options(dumps), Math.min(bytes, mostBytes));
  }

  /** Returns the command that runs the program in a VM with some options and a heap of so many bytes. */
  static List<String> again(String[] args, List<String> options, long heap) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Xmx" + (heap >> 20) + "m");
    command.add("-D" + LAUNCHED + "=true");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    return command;
  }

  private static boolean isCompressed(Path dump) throws IOException {
    try (var in = Files.newInputStream(dump)) {
      return in.read() == 0x1F && in.read() == 0x8B;
    }
  }
}
