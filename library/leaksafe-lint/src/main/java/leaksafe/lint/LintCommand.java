package leaksafe.lint;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line: {@code lint [options] directory-or-jar...}. Exit code 0: clean, 1: found something that fails, 2: wrong use. */
public final class LintCommand {
  private static final String USAGE = """
      usage: lint [options] directory-or-jar[:more]...
        --format text|json|sarif|html   text if not given
        --output FILE                   write the report there
        --context PATH[:PATH]           read these too, report nothing in them
        --without LS005,...             leave rules out
        --settings FILE                 more removal methods, bounded types, small key domains
        --baseline FILE                 do not report what it names
        --update-baseline               write the baseline instead of failing
        --cache FILE                    keep what was learnt of each class there, for the next run
        --strict                        fail on warnings too
        --notes                         report notes too: patterns that something speaks for a bound of
        --minimum-severity error        leave out warnings; warning if not given, info is --notes
        --explain RULE                  print a rule's page
      """;

  private LintCommand() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** Runs the command, and returns its exit code. */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      return parseAndRun(args, out);
    } catch (UncheckedIOException e) {
      // How options are written is not what is wrong.
      err.println(e.getMessage());
      return 2;
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.print(USAGE);
      return 2;
    }
  }

  private static int parseAndRun(String[] args, PrintStream out) {
    List<Path> paths = new ArrayList<>();
    List<Path> context = new ArrayList<>();
    List<String> without = new ArrayList<>();
    String format = "text";
    String output = "";
    String baseline = "";
    String settings = "";
    String cache = "";
    Severity minimum = Severity.WARNING;
    boolean update = false;
    boolean strict = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--format" -> format = value(args, ++i);
        case "--output" -> output = value(args, ++i);
        case "--context" -> context.addAll(split(value(args, ++i)));
        case "--without" -> without.addAll(List.of(value(args, ++i).split(",")));
        case "--settings" -> settings = value(args, ++i);
        case "--cache" -> cache = value(args, ++i);
        case "--baseline" -> baseline = value(args, ++i);
        case "--update-baseline" -> update = true;
        case "--strict" -> strict = true;
        case "--notes" -> minimum = Severity.INFO;
        case "--minimum-severity" -> minimum = severity(value(args, ++i));
        case "--explain" -> {
          String id = value(args, ++i);
          out.print(LeakLint.rules().stream().filter(rule -> rule.id().equals(id)).findFirst()
              .orElseThrow(() -> new IllegalArgumentException("there is no rule " + id)).page());
          return 0;
        }
        default -> {
          if (args[i].startsWith("--")) {
            throw new IllegalArgumentException("unknown option " + args[i]);
          }
          paths.addAll(split(args[i]));
        }
      }
    }
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("no directory or jar was given");
    }
    if (update && baseline.isEmpty()) {
      throw new IllegalArgumentException("--update-baseline needs --baseline FILE");
    }
    for (Path path : context) {
      LeakLint.demand(path, "there is no such directory or jar for --context");
    }
    if (!baseline.isEmpty() && !update) {
      LeakLint.demand(Path.of(baseline), "there is no such file for --baseline; --update-baseline writes it");
    }
    LeakLint lint = LeakLint.paths(paths.toArray(Path[]::new)).context(context.toArray(Path[]::new)).without(without.toArray(String[]::new))
        .minimumSeverity(minimum);
    if (strict) {
      lint.strict();
    }
    if (!settings.isEmpty()) {
      lint.settings(Path.of(settings));
    }
    if (!cache.isEmpty()) {
      lint.cache(Path.of(cache));
    }
    if (!baseline.isEmpty() && !update) {
      lint.baseline(Path.of(baseline));
    }
    LintReport report = lint.scan();
    String text = switch (format) {
      case "text" -> report.text();
      case "json" -> report.json();
      case "sarif" -> report.sarif();
      case "html" -> report.html();
      default -> throw new IllegalArgumentException("--format must be text, json, sarif or html, but was " + format);
    };
    write(text, output, out);
    if (update) {
      LeakLint.writeBaseline(report, Path.of(baseline));
      return 0;
    }
    return report.atLeast(strict ? Severity.WARNING : Severity.ERROR).isEmpty() ? 0 : 1;
  }

  private static void write(String text, String output, PrintStream out) {
    if (output.isEmpty()) {
      out.print(text);
      return;
    }
    try {
      Files.writeString(Path.of(output), text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the report cannot be written: " + output, e);
    }
  }

  private static String value(String[] args, int index) {
    if (index >= args.length) {
      throw new IllegalArgumentException(args[index - 1] + " needs a value");
    }
    return args[index];
  }

  private static Severity severity(String name) {
    try {
      return Severity.of(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--minimum-severity: " + e.getMessage(), e);
    }
  }

  private static List<Path> split(String text) {
    List<Path> paths = new ArrayList<>();
    for (String part : text.split(File.pathSeparator)) {
      paths.add(Path.of(part));
    }
    return paths;
  }
}
