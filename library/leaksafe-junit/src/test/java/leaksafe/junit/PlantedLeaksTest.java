package leaksafe.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each planted leak is found, and its report names the line. With {@code -Dleaksafe.reports=write} the reports go into {@code REPORTS.md}. */
class PlantedLeaksTest {
  private static final Path DOCUMENT = Path.of("REPORTS.md");
  private static final String START = "<!-- reports: written by PlantedLeaksTest -->\n";
  private static final Map<String, String> REPORTS = new TreeMap<>();

  /** All in the long form and for the document; else one of each kind, since each takes a second or more. */
  static Stream<Class<?>> leaks() {
    boolean all = Integer.getInteger("seeds", 0) > 0 || System.getProperty("leaksafe.reports") != null;
    return all ? Planted.all().stream() : Stream.of(PlantedLeaks.AStaticMapThatOnlyGrows.class, PlantedLeaks.AThreadLocalOnAPooledThread.class,
        PlantedLeaks.AClassLoaderThatStays.class, PlantedLeaks.AnExecutorThatIsNeverShutDown.class, PlantedLeaks.ALeaseThatIsNotClosed.class,
        PlantedLeaks.AResourceThatIsKeptOpen.class);
  }

  @ParameterizedTest
  @MethodSource("leaks")
  void a_planted_leak_is_reported_with_its_line(Class<?> leak) throws IOException {
    List<String> failures = Planted.failures(leak);
    assertThat(failures).singleElement().asString().contains(leak.getSimpleName()).contains("leaves something behind").contains(Planted.line(leak));
    REPORTS.put(leak.getSimpleName(), failures.get(0));
  }

  @Test
  void the_document_shows_each_report_and_its_line() throws IOException {
    String document = Files.readString(DOCUMENT);
    for (Class<?> leak : Planted.all()) {
      int start = document.indexOf("### " + leak.getSimpleName() + "\n");
      assertThat(start).as("REPORTS.md shows " + leak.getSimpleName() + ": write it with -Dleaksafe.reports=write").isNotNegative();
      int end = document.indexOf("\n### ", start + 1);
      assertThat(document.substring(start, end < 0 ? document.length() : end)).contains(Planted.line(leak));
    }
  }

  @AfterAll
  static void write_the_document_if_asked_to() throws IOException {
    if ("write".equals(System.getProperty("leaksafe.reports"))) {
      String document = Files.readString(DOCUMENT);
      StringBuilder text = new StringBuilder(document.substring(0, document.indexOf(START) + START.length()));
      REPORTS.forEach((name, report) -> text.append("\n### ").append(name).append("\n\n```text\n").append(report.replaceAll("(?m)[ \t]+$", "").strip()).append("\n```\n"));
      Files.writeString(DOCUMENT, text);
    }
  }
}
