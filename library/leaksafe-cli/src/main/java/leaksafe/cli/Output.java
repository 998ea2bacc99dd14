package leaksafe.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.HeapProgress;
import leaksafe.heap.ReferenceKind;
import leaksafe.heap.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that all questions share: how dumps are read, and how the answer is written. */
final class Output {
  /** The forms of a report. */
  enum Format {
    TEXT,
    JSON,
    HTML,
    DOT
  }

  /** More read no faster, and each has a buffer and tables of its own. */
  private static final int MOST_THREADS = 256;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Set by picocli before the command runs.
  private CommandSpec spec;

  @Option(names = {"-f", "--format"}, description = "text, json, html or dot (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Write to a file instead of the standard output.")
  private @Nullable Path file;

  @Option(names = "--follow", split = ",", description = "Treat what these references hold as held: soft, weak, phantom, final, or none"
      + " (default: soft,final).")
  private List<String> follow = List.of("soft", "final");

  @Option(names = "--contents", description = "Show contents of strings and names of threads. They may be secrets.")
  private boolean contents;

  @Option(names = "--threads", description = "How many threads read a dump (default: all processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = {"-q", "--quiet"}, description = "Show no progress.")
  private boolean quiet;

  /** Returns the dump, of which it is known that there is such a file. */
  HeapDump open(Path dump) throws IOException {
    return HeapDump.open(dump, options(List.of(dump)));
  }

  /**
   * Returns the options for the analysis of the given dumps. All that can be wrong with what was given is found now and not after the first
   * dump has been read.
   */
  HeapOptions options(List<Path> dumps) throws IOException {
    atLeast(1, threads, "--threads");
    if (threads > MOST_THREADS) {
      throw new IllegalArgumentException("--threads must be at most " + MOST_THREADS + ", but was " + threads);
    }
    EnumSet<ReferenceKind> kinds = EnumSet.noneOf(ReferenceKind.class);
    for (String name : follow) {
      if (!name.equalsIgnoreCase("none")) {
        kinds.add(kind(name));
      } else if (follow.size() > 1) {
        throw new IllegalArgumentException("--follow must be none or some kinds of references, but was " + String.join(",", follow));
      }
    }
    for (Path dump : dumps) {
      HeapDump.checkReadable(dump);
    }
    if (file != null) {
      checkWritable(file, dumps);
    }
    return HeapOptions.builder().follow(kinds).contents(contents).parallelism(threads).progress(progress()).build();
  }

  /** Returns the number if it is large enough for the option. */
  static int atLeast(int least, int number, String option) {
    return (int) atLeast(least, (long) number, option);
  }

  static long atLeast(int least, long number, String option) {
    if (number < least) {
      throw new IllegalArgumentException(option + " must be at least " + least + ", but was " + number);
    }
    return number;
  }

  private static void checkWritable(Path file, List<Path> dumps) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (file.toString().isEmpty()) {
      throw new IOException("--output must be a file, but its name is empty");
    }
    if (Files.isDirectory(file) || parent == null) {
      throw new IOException("--output must be a file, but " + file + " is a directory");
    }
    if (!Files.isDirectory(parent)) {
      throw new IOException("--output cannot be written: there is no directory " + parent);
    }
    if (!Files.isWritable(Files.exists(file) ? file : parent)) {
      throw new IOException("--output " + file + " cannot be written: permission denied");
    }
    for (Path dump : dumps) {
      if (Files.exists(file) && Files.isSameFile(file, dump)) {
        throw new IllegalArgumentException("--output is the dump " + dump + " itself: name another file");
      }
    }
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
    Console console = System.console();
    // Not on the error stream, which may be a file although input and output are a terminal.
    return quiet || console == null || !isTerminal(console) ? HeapProgress.NONE : new ProgressBar(console.writer(), console.charset());
  }

  /** From JDK 22 on there is a console without a terminal, too, and this method to tell it. */
  private static boolean isTerminal(Console console) {
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  int show(Report report) throws IOException {
    String text = switch (format) {
      case TEXT -> report.toText();
      case JSON -> report.toJson();
      case HTML -> report.toHtml();
      case DOT -> report.toDot();
    };
    if (file != null) {
      try {
        Files.writeString(file, text);
      } catch (IOException e) {
        throw new IOException("--output " + file + " cannot be written: " + BadUse.reason(e), e);
      }
    } else {
      CommandLine line = spec.commandLine();
      PrintWriter out = format == Format.TEXT ? line.getOut() : ((Main) spec.root().userObject()).data;
      out.print(text);
      out.flush();
    }
    return 0;
  }
}
