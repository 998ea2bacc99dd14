package leaksafe.lint;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import leaksafe.lint.internal.Run;
import leaksafe.lint.internal.facts.Vocabulary;
import leaksafe.lint.internal.rules.Check;
import org.jspecify.annotations.Nullable;

/**
 * Looks for leak patterns in class files: what to read, what to report, and the run.
 *
 * <pre>{@code
 * @Test
 * void nothing_leaks_by_design() {
 *   LeakLint.packages("com.acme").assertClean();
 * }
 * }</pre>
 *
 * <p>Everything in the class set is followed together, so a removal in another class or module counts. Code that is not in the set is
 * taken to remove whatever it can reach: a collection that escapes to it is not reported.
 *
 * <p><b>Cost.</b> Linear in the bytes read but for a few rounds over the calls; all processors take part.
 * <p><b>Threads.</b> An instance is configured by one thread; a run shares nothing with another.
 * <p><b>Not promised.</b> Completeness: what goes through reflection, arrays or code outside of the set is not seen.
 */
public final class LeakLint {
  private final List<Path> paths = new ArrayList<>();
  private final List<Path> context = new ArrayList<>();
  private final Set<String> packages = new TreeSet<>();
  private final Set<String> rules = new TreeSet<>(rules().stream().map(Rule::id).toList());
  private @Nullable Path baseline;
  private @Nullable Path cache;
  private Vocabulary vocabulary = Vocabulary.with(Set.of(), Set.of(), Set.of());
  private Severity failing = Severity.ERROR;
  private Severity minimum = Severity.WARNING;

  private LeakLint() {}

  /**
   * Looks at the classes of these packages and those below them on the class path of this JVM; the rest of its directories is context.
   *
   * @throws IllegalArgumentException if no package is given
   */
  public static LeakLint packages(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("packages must name at least one package, such as \"com.acme\"");
    }
    LeakLint lint = new LeakLint();
    for (String name : names) {
      lint.packages.add(requireNonNull(name, "name"));
    }
    for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path) && !path.endsWith("test-classes") || holdsPackage(path, lint.packages)) {
        lint.paths.add(path);
      }
    }
    return lint;
  }

  private static boolean holdsPackage(Path path, Set<String> names) {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(path.toFile())) {
      Set<String> folders = names.stream().map(name -> name.replace('.', '/') + "/").collect(Collectors.toSet());
      return zip.stream().anyMatch(entry -> folders.stream().anyMatch(folder -> entry.getName().startsWith(folder)));
    } catch (IOException notAnArchive) {
      return false;
    }
  }

  /** Looks at all classes in directories and jars; a path that does not exist when it runs is an error, as a mistyped one must not look clean. */
  public static LeakLint paths(Path... paths) {
    LeakLint lint = new LeakLint();
    lint.paths.addAll(Arrays.asList(paths));
    return lint;
  }

  /** Returns every rule, by number. */
  public static List<Rule> rules() {
    return Check.all().stream().map(Check::rule).sorted((a, b) -> a.id().compareTo(b.id())).toList();
  }

  /** Reads more directories and jars, which exist when it runs, whose calls count and which are not reported. */
  public LeakLint context(Path... more) {
    context.addAll(Arrays.asList(more));
    return this;
  }

  /** Leaves rules out. */
  public LeakLint without(String... ids) {
    for (String id : ids) {
      if (!rules.remove(id) && rules().stream().noneMatch(rule -> rule.id().equals(id))) {
        throw new IllegalArgumentException("there is no rule " + id + "; the rules are "
            + rules().stream().map(Rule::id).collect(Collectors.joining(", ")));
      }
    }
    return this;
  }

  /**
   * Fails on warnings too.
   *
   * @throws IllegalArgumentException if a minimum severity hides them
   */
  public LeakLint strict() {
    return severities(Severity.WARNING, minimum);
  }

  /**
   * Reports notes too, as {@link #minimumSeverity} with {@link Severity#INFO} does. In a note something speaks for a bound that class
   * files do not show, or for an owner that ends soon; about one in ten is a leak.
   */
  public LeakLint notes() {
    return minimumSeverity(Severity.INFO);
  }

  /**
   * Leaves what is less severe out of the report. Notes are left out if not given. A line of the baseline that names what is hidden is
   * not stale.
   *
   * @throws IllegalArgumentException if it hides the warnings that {@link #strict()} fails on
   */
  public LeakLint minimumSeverity(Severity severity) {
    return severities(failing, requireNonNull(severity, "severity"));
  }

  private LeakLint severities(Severity newFailing, Severity newMinimum) {
    if (newMinimum.compareTo(newFailing) < 0) {
      throw new IllegalArgumentException("a minimum severity of " + newMinimum + " hides what strict fails on: leave one of them out");
    }
    failing = newFailing;
    minimum = newMinimum;
    return this;
  }

  /** Does not report what a file names, one {@code rule member} a line; a line that names nothing any more is a warning. */
  public LeakLint baseline(Path file) {
    baseline = requireNonNull(file, "file");
    return this;
  }

  /**
   * Keeps what was learnt of each class file in a file, under the hash of its bytes, so that the next run reads only what changed. The
   * report is the same with and without. The file holds at most 64 MB; a damaged one is ignored with a warning.
   */
  public LeakLint cache(Path file) {
    cache = requireNonNull(file, "file");
    return this;
  }

  /**
   * Takes more words from a properties file: {@code removal.methods}, {@code bounded.types}, {@code small.domains}, each a list
   * separated by commas; types by their full names.
   */
  public LeakLint settings(Path file) {
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("settings cannot be read: " + file, e);
    }
    Set<String> known = Set.of("removal.methods", "bounded.types", "small.domains");
    for (String name : properties.stringPropertyNames()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(file + " sets " + name + ", which is not one of " + new TreeSet<>(known));
      }
    }
    vocabulary = Vocabulary.with(words(properties, "removal.methods"), words(properties, "bounded.types"), words(properties, "small.domains"));
    return this;
  }

  private static Set<String> words(Properties properties, String name) {
    Set<String> words = new HashSet<>(Arrays.asList(properties.getProperty(name, "").replace('.', '/').split("[,\\s]+")));
    words.remove("");
    return words;
  }

  /**
   * Runs, and returns what was found. What cannot be read of what exists is a warning in the report.
   *
   * @throws UncheckedIOException if a path to read, or one of the context, does not exist, or a settings or baseline file cannot be read
   */
  public LintReport scan() {
    paths.forEach(path -> demand(path, "there is no such directory or jar"));
    context.forEach(path -> demand(path, "there is no such directory or jar for context"));
    LintReport report = Run.run(paths, context, vocabulary,
        name -> packages.isEmpty() || packages.stream().anyMatch(wanted -> name.startsWith(wanted + ".")), rules, cache);
    LintReport fresh = baseline == null ? report : withoutBaseline(report, baseline);
    return new LintReport(fresh.atLeast(minimum), fresh.warnings(), fresh.classes(), fresh.bytes());
  }

  /** Refuses what is named and is not there, and says what it was to be. */
  static void demand(Path path, String otherwise) {
    if (!Files.exists(path)) {
      throw new UncheckedIOException(path + ": " + otherwise, new NoSuchFileException(path.toString()));
    }
  }

  private static LintReport withoutBaseline(LintReport report, Path file) {
    Set<String> accepted = new LinkedHashSet<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          accepted.add(line.strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the baseline cannot be read: " + file, e);
    }
    List<Finding> fresh = report.findings().stream().filter(finding -> !accepted.contains(finding.fingerprint())).toList();
    List<String> warnings = new ArrayList<>(report.warnings());
    report.findings().forEach(finding -> accepted.remove(finding.fingerprint()));
    accepted.forEach(stale -> warnings.add(file + ": \"" + stale + "\" is not found any more; delete the line"));
    return new LintReport(fresh, warnings, report.classes(), report.bytes());
  }

  /** Writes a baseline that accepts everything in a report. */
  public static void writeBaseline(LintReport report, Path file) {
    List<String> lines = report.findings().stream().map(Finding::fingerprint).distinct().sorted().toList();
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("the baseline cannot be written: " + file, e);
    }
  }

  /**
   * Runs, and fails if there is an error, or a warning in strict mode, or if no class was found to look at.
   *
   * @throws AssertionError with one line for each finding
   */
  public void assertClean() {
    LintReport report = scan();
    if (report.classes() == 0) {
      throw new AssertionError(nothingFound(report.warnings()));
    }
    List<Finding> failures = report.atLeast(failing);
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.size() + " leak patterns:\n"
          + failures.stream().map(Finding::toString).collect(Collectors.joining("\n")));
    }
  }

  private String nothingFound(List<String> warnings) {
    String cure = packages.isEmpty() ? paths + ": compile first, and name directories or jars that hold class files, such as target/classes"
        : packages + ": give packages of the class path of this JVM by their full names, such as \"com.acme\", and compile them first";
    return "no class was found under " + cure + (warnings.isEmpty() ? "" : "; " + String.join("; ", warnings));
  }
}
