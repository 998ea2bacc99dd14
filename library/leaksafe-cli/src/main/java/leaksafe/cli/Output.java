package leaksafe.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.HeapProgress;
import leaksafe.heap.ReferenceKind;
import leaksafe.heap.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that all questions share. */
final class Output {
  /** The forms of a report. */
  enum Format {
    TEXT,
    JSON,
    HTML,
    DOT
  }

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Set by picocli before the command runs.
  private CommandSpec spec;

  @Option(names = {"-f", "--format"}, description = "text, json, html or dot (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Write to a file instead of the standard output.")
  private @Nullable Path file;

  @Option(names = {"-n", "--top"}, description = "How many rows at most (default: ${DEFAULT-VALUE}).")
  private int top = 20;

  @Option(names = "--follow", split = ",", description = "Treat what these references hold as held: soft, weak, phantom, final, or none"
      + " (default: soft,final).")
  private List<String> follow = List.of("soft", "final");

  @Option(names = "--contents", description = "Show contents of strings and names of threads. They may be secrets.")
  private boolean contents;

  @Option(names = "--threads", description = "How many threads read a dump (default: all processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = {"-q", "--quiet"}, description = "Show no progress.")
  private boolean quiet;

  int top() {
    return top;
  }

  HeapOptions options() {
    EnumSet<ReferenceKind> kinds = EnumSet.noneOf(ReferenceKind.class);
    for (String name : follow) {
      if (!name.equalsIgnoreCase("none")) {
        kinds.add(kind(name));
      }
    }
    return HeapOptions.builder().follow(kinds).contents(contents).parallelism(threads).progress(progress()).build();
  }

  private static ReferenceKind kind(String name) {
    for (ReferenceKind kind : ReferenceKind.values()) {
      if (kind.name().equalsIgnoreCase(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("--follow must be of soft, weak, phantom, final or none, but was " + name);
  }

  private HeapProgress progress() {
    return quiet || System.console() == null ? HeapProgress.NONE : new ProgressBar(spec.commandLine().getErr());
  }

  int show(Report report) throws IOException {
    String text = switch (format) {
      case TEXT -> report.toText();
      case JSON -> report.toJson();
      case HTML -> report.toHtml();
      case DOT -> report.toDot();
    };
    if (file != null) {
      Files.writeString(file, text);
    } else {
      PrintWriter out = spec.commandLine().getOut();
      out.print(text);
      out.flush();
    }
    return 0;
  }
}
