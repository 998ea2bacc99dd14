package leaksafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeakLabTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int lab(String... args) throws Exception {
    return LeakLab.run(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), args);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "--nly static-map | unknown option --nly; the options are",
      "--only static | --only must name scenarios, but was 'static'; there are static-map, weak-map",
      "--only | --only needs a value: --only NAME[,NAME...]",
      "--heap 8m | --heap must be 32m to 1024m, such as 64m, but was 8m",
      "--heap=lots | --heap must be 32m to 1024m, such as 64m, but was lots",
      "--out /no/such/folder/x.html | --out must be a file in a folder that can be written to, but was /no/such/folder/x.html",
  })
  void a_wrong_argument_gets_one_line_with_the_right_form_and_exit_code_2(String line, String message) throws Exception {
    assertThat(lab(line.split(" "))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("leak-lab: " + message).hasLineCount(1);
    assertThat(out.size()).isZero();
  }

  @Test
  void help_and_list_print_and_exit_with_0() throws Exception {
    assertThat(lab("--help")).isZero();
    assertThat(lab("--list")).isZero();
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("--only NAME", "exit code");
    assertThat(Scenarios.ALL).allSatisfy(scenario -> assertThat(text).contains(scenario.name(), scenario.summary()));
  }

  @Test
  void a_real_run_finds_the_leak_and_writes_a_page_that_needs_no_network(@TempDir Path folder) throws Exception {
    Path report = folder.resolve("report.html");
    assertThat(lab("--only", "static-map", "--heap", "32m", "--out", report.toString())).as(() -> out + "\n" + err).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("static-map", "leak, held by leaksafe", report.toString());
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("static-map: What held the memory")
        .containsPattern("after [0-9.]+ s: class leaksafe.lab.input.ClassFile, [0-9,]+ by then").doesNotContain("not named")
        .containsPattern("MB by 1 object:\\s+leaksafe.lab.scenario.StaticMapThatOnlyGrows.AdHoc.PARSED -> ConcurrentHashMap");
    String page = Files.readString(report);
    assertThat(page).contains("What grew, as the growth monitor said while it ran", "What held the memory", "StaticMapThatOnlyGrows$AdHoc.PARSED");
    assertThat(page).contains("<svg", "class=\"adhoc\" points=", "class=\"ours\" points=", "new ConcurrentHashMap&lt;&gt;()", ".maximumSize(");
    assertThat(page).doesNotContain("http:", "https:", "<script", "<link", "@import");
  }
}
