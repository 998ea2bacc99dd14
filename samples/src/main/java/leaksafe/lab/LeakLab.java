package leaksafe.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import leaksafe.lab.input.JdkIndex;
import leaksafe.lab.report.Finding;
import leaksafe.lab.report.HtmlReport;
import leaksafe.lab.report.TextTable;
import leaksafe.lab.run.ChildJvm;
import leaksafe.lab.run.HeldMemory;
import leaksafe.lab.run.Limits;
import leaksafe.lab.run.Run;
import org.jspecify.annotations.Nullable;

/** The main program: see {@link Options#HELP}. */
public final class LeakLab {
  // Longest times of work; besides, each JVM takes one to three seconds to start, settle and end. All scenarios together take about a
  // minute and a half, and three at most: most ad-hoc runs die early, and most others have done their work early.
  private static final long AD_HOC_MILLIS = 15_000;
  private static final long ALL_AD_HOC_MILLIS = 100_000;
  private static final long LEAKSAFE_MILLIS = 3_000; // twice that if it has not done the work of the ad-hoc run by then

  private final Options options;
  private final PrintStream out;

  private LeakLab(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Runs the lab and exits with its code. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(run(System.out, System.err, args));
  }

  /** Runs the lab and returns its exit code. */
  static int run(PrintStream out, PrintStream err, String... args) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(args);
    } catch (Options.WrongUse e) {
      err.println("leak-lab: " + e.getMessage());
      return 2;
    }
    return switch (options.action()) {
      case HELP -> {
        out.print(Options.HELP);
        yield 0;
      }
      case LIST -> {
        Scenarios.ALL.forEach(scenario -> out.printf("%-22s %s%n", scenario.name(), scenario.summary()));
        yield 0;
      }
      case RUN -> new LeakLab(options, out).compareAll();
    };
  }

  private int compareAll() throws IOException, InterruptedException {
    List<Comparison> comparisons = new ArrayList<>();
    Map<String, List<Finding>> findings = new LinkedHashMap<>();
    LintStep lint = LintStep.run();
    long adHocMillis = Math.min(AD_HOC_MILLIS, ALL_AD_HOC_MILLIS / options.scenarios().size());
    Path folder = Files.createTempDirectory("leak-lab");
    Path index = folder.resolve("classes.txt");
    Path dump = folder.resolve("ad-hoc.hprof");
    try {
      int classes = JdkIndex.write(index);
      out.printf("input: the %,d classes of JDK %s; heap of each JVM: %d MB%n", classes, System.getProperty("java.version"), options.heapMegabytes());
      int number = 0;
      for (Scenario scenario : options.scenarios()) {
        number++;
        String head = "[" + number + "/" + options.scenarios().size() + "] " + scenario.name() + ", ";
        lint.lines(scenario).forEach(line -> out.println(head + line));
        Run adHoc = run(scenario, Side.AD_HOC, Limits.time(adHocMillis), index, dump, head);
        grown(adHoc).ifPresent(grown -> findings.computeIfAbsent(scenario.name(), name -> new ArrayList<>()).add(grown));
        HeldMemory.of(dump).ifPresent(held -> findings.computeIfAbsent(scenario.name(), name -> new ArrayList<>()).add(held));
        Run leaksafe = run(scenario, Side.LEAKSAFE, Limits.twiceTheWorkOf(adHoc.operations(), LEAKSAFE_MILLIS), index, null, head);
        comparisons.add(new Comparison(scenario, adHoc, leaksafe, options.heapMegabytes() * 1_048_576L));
      }
    } finally {
      for (Path file : List.of(index, dump, folder)) {
        Files.deleteIfExists(file);
      }
    }
    out.println();
    out.print(TextTable.of(comparisons));
    out.print(TextTable.of(findings));
    Files.writeString(options.report(), HtmlReport.of(comparisons, findings));
    out.println();
    out.println("report: " + options.report().toAbsolutePath().normalize());
    return comparisons.stream().allMatch(Comparison::leaksafeHolds) ? 0 : 1;
  }

  /** What the growth monitor said of the run, the culprit at the latest. */
  private static Optional<Finding> grown(Run run) {
    if (run.named().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Finding("What grew, as the growth monitor said while it ran", run.named().stream().map(named -> String.format(
        Locale.ROOT, "after %.1f s: %s %s, %,d by then", named.millis() / 1000.0, named.kind(), named.name(), named.count())).toList()));
  }

  private Run run(Scenario scenario, Side side, Limits limits, Path index, @Nullable Path dump, String head)
      throws IOException, InterruptedException {
    Progress progress = new Progress(out, head + side.label());
    Run run = ChildJvm.run(scenario, side, limits, options.heapMegabytes(), index, dump, progress::show);
    progress.end(run.ending());
    return run;
  }
}
