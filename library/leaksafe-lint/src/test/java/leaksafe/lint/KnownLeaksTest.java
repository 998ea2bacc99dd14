package leaksafe.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Leaks that shipped: each is named in the last jar that has it and in none with its fix. Takes the known cases of
 * {@code benchmarks/lint/cases.csv}; the jars come from Maven Central by {@code benchmarks/lint/fetch}, once.
 */
@EnabledIfSystemProperty(named = "seeds", matches = "\\d{4,}", disabledReason = "brings 16 jars from Maven Central; mvn -Pslow verify runs it")
class KnownLeaksTest {
  private static final Path BENCHMARK = Path.of("../../benchmarks/lint");

  /** A line of the file of cases. */
  record Case(String rule, String artifact, String before, String after, Pattern leak) {
    Path jar(String version) {
      return BENCHMARK.resolve("target").resolve(artifact + "-" + version + ".jar");
    }

    @Override
    public String toString() {
      return rule + " " + artifact + " " + before + " " + leak;
    }
  }

  static List<Case> cases() throws IOException {
    try (Stream<String> lines = Files.lines(BENCHMARK.resolve("cases.csv"))) {
      return lines.skip(1).map(line -> line.split(",")).filter(cells -> cells[6].equals("yes"))
          .map(cells -> new Case(cells[0], cells[2], cells[3], cells[4], Pattern.compile(cells[5]))).toList();
    }
  }

  @BeforeAll
  static void fetch_the_jars() throws Exception {
    assertThat(cases()).hasSize(8);
    if (missing().isEmpty()) {
      return;
    }
    File log = File.createTempFile("fetch", ".log");
    int exit = new ProcessBuilder("bash", BENCHMARK.resolve("fetch").toString(), "--known").redirectErrorStream(true).redirectOutput(log)
        .start().waitFor();
    String said = Files.readString(log.toPath(), StandardCharsets.UTF_8);
    Files.delete(log.toPath());
    assertThat(missing()).as("jars that benchmarks/lint/fetch --known did not bring from Maven Central (exit code " + exit + "): " + said).isEmpty();
  }

  private static List<Path> missing() throws IOException {
    return cases().stream().flatMap(each -> Stream.of(each.jar(each.before), each.jar(each.after)))
        .filter(Predicate.not(Files::isRegularFile)).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_leak_is_named_before_its_fix_and_not_after_it(Case known) {
    assertThat(named(known, known.before)).as("%s, before", known)
        .anyMatch(finding -> finding.rule().equals(known.rule) && finding.severity() != Severity.INFO);
    assertThat(named(known, known.after)).as("%s, after", known).isEmpty();
  }

  private static List<Finding> named(Case known, String version) {
    LintReport report = LeakLint.paths(known.jar(version)).scan();
    assertThat(report.classes()).isPositive();
    return report.findings().stream().filter(finding -> known.leak.matcher(finding.toString()).find()).toList();
  }
}
