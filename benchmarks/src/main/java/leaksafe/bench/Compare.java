package leaksafe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a JMH benchmark with its parameter {@code impl} over ours and the peers in turn, again and again, and prints what a machine
 * that is not quiet can still tell: the ratio of ours to each peer within a round, as the median over the rounds with the least and
 * the largest. Each round forks one JVM for each implementation, with a heap of 2 GB whose pages are touched before it starts: a heap that
 * still grows waits for the system's first touch of each page, which on a virtual machine takes longer than what is measured.
 *
 * <p>Command: {@code java -cp benchmarks/target/benchmarks.jar leaksafe.bench.Compare REGEX [rounds=5] [threads=1,2] [impl=ours,peer...]
 * [seconds=1] [jvm=-XX:+UseParallelGC,...] [svg=FILE] [NAME=VALUE ...]}; the first implementation is the one that the others are compared with,
 * a higher score is better; {@code svg} also draws the ratios.
 */
public final class Compare {
  private static final String[] HEAP = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"};

  private final String benchmark;
  private int rounds = 5;
  private int seconds = 1;
  private int[] threads = {1, Runtime.getRuntime().availableProcessors()};
  private List<String> implementations = List.of("leaksafe", "caffeine", "cache2k", "guava", "chm", "lru");
  private String[] jvmArguments = {}; // after those for the heap, so that they overrule them
  private String svg = ""; // a file's name, or empty
  private final Map<String, String[]> parameters = new LinkedHashMap<>();
  private final List<Ratio> ratios = new ArrayList<>();

  /** Ours to a peer's, above 1 where ours is quicker: the median over the rounds, the least and the largest. */
  record Ratio(String benchmark, int threads, String peer, double median, double least, double largest) {}

  private Compare(String benchmark) {
    this.benchmark = benchmark;
  }

  /** See the class. */
  public static void main(String[] args) throws RunnerException, IOException {
    if (args.length == 0) {
      System.err.println("usage: Compare REGEX [rounds=N] [threads=N,N] [impl=A,B] [seconds=N] [jvm=A,B] [svg=FILE] [NAME=VALUE,VALUE ...]");
      System.exit(2);
    }
    Compare compare = new Compare(args[0]);
    for (String arg : Arrays.asList(args).subList(1, args.length)) {
      compare.option(arg);
    }
    compare.run();
    if (!compare.svg.isEmpty()) {
      Files.writeString(Path.of(compare.svg), RatioPlot.svg(compare.ratios));
    }
  }

  private void option(String arg) {
    int equals = arg.indexOf('=');
    if (equals < 1) {
      System.err.println("an option must look like NAME=VALUE, but was " + arg);
      System.exit(2);
    }
    String name = arg.substring(0, equals);
    String[] values = arg.substring(equals + 1).split(",");
    switch (name) {
      case "rounds" -> rounds = Integer.parseInt(values[0]);
      case "seconds" -> seconds = Integer.parseInt(values[0]);
      case "threads" -> threads = Arrays.stream(values).mapToInt(Integer::parseInt).toArray();
      case "impl" -> implementations = List.of(values);
      case "jvm" -> jvmArguments = values;
      case "svg" -> svg = values[0];
      default -> parameters.put(name, values);
    }
  }

  private void run() throws RunnerException {
    System.out.println("| benchmark | threads | ours against | ratio: median (least .. largest) of " + rounds + " rounds |");
    System.out.println("|---|---|---|---|");
    for (int count : threads) {
      Map<String, Map<String, List<Double>>> scores = new LinkedHashMap<>(); // by benchmark and its parameters, by implementation
      for (int round = 0; round < rounds; round++) {
        for (String implementation : implementations) {
          for (RunResult result : fork(implementation, count)) {
            scores.computeIfAbsent(label(result), label -> new LinkedHashMap<>())
                .computeIfAbsent(implementation, name -> new ArrayList<>())
                .add(result.getPrimaryResult().getScore());
          }
        }
      }
      scores.forEach((label, byImplementation) -> print(label, count, byImplementation));
    }
  }

  private Collection<RunResult> fork(String implementation, int count) throws RunnerException {
    String[] arguments = Stream.of(HEAP, jvmArguments).flatMap(Arrays::stream).toArray(String[]::new);
    ChainedOptionsBuilder options = new OptionsBuilder()
        .include(benchmark)
        .param("impl", implementation)
        .threads(count)
        .forks(1).jvmArgsAppend(arguments)
        .warmupIterations(3).warmupTime(TimeValue.seconds(seconds))
        .measurementIterations(3).measurementTime(TimeValue.seconds(seconds))
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    parameters.forEach(options::param);
    return new Runner(options.build()).run();
  }

  private static String label(RunResult result) {
    StringBuilder label = new StringBuilder(result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"));
    for (String key : result.getParams().getParamsKeys()) {
      if (!key.equals("impl")) {
        label.append(' ').append(key).append('=').append(result.getParams().getParam(key));
      }
    }
    return label.toString();
  }

  private void print(String label, int count, Map<String, List<Double>> byImplementation) {
    List<Double> ours = byImplementation.get(implementations.get(0));
    for (String peer : implementations.subList(1, implementations.size())) {
      List<Double> theirs = byImplementation.get(peer);
      double[] quotients = new double[Math.min(ours.size(), theirs.size())];
      for (int i = 0; i < quotients.length; i++) {
        quotients[i] = ours.get(i) / theirs.get(i);
      }
      Arrays.sort(quotients);
      Ratio ratio = new Ratio(label, count, peer, median(quotients), quotients[0], quotients[quotients.length - 1]);
      ratios.add(ratio);
      System.out.printf(Locale.ROOT, "| %s | %d | %s | %.2f (%.2f .. %.2f) |%n",
          label, count, peer, ratio.median(), ratio.least(), ratio.largest());
    }
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
