package leaksafe.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final LintReport REPORT = LeakLint.paths(Path.of("target/test-classes/leaksafe/lint/fixtures")).notes().scan();

  @Test
  void json_holds_every_finding_and_survives_odd_text() throws Exception {
    Finding odd = new Finding("LS001", Severity.ERROR, "a\"b\\c\n\u0001#x", "", List.of(), "\ud83d\ude00", "");
    JsonNode json = new ObjectMapper().readTree(new LintReport(List.of(odd), List.of("w\t"), 1, 2).json());
    assertThat(json.at("/findings/0/member").asText()).isEqualTo(odd.member());
    assertThat(json.at("/findings/0/reason").asText()).isEqualTo(odd.reason());
    assertThat(json.at("/warnings/0").asText()).isEqualTo("w\t");
    assertThat(new ObjectMapper().readTree(REPORT.json()).get("findings")).hasSameSizeAs(REPORT.findings());
  }

  @Test
  void sarif_is_valid_by_the_published_schema() throws Exception {
    Finding bare = new Finding("LS006", Severity.INFO, "a.B", "", List.of(), "\ud83d\ude00 \"<", "");
    Finding odd = new Finding("LS001", Severity.ERROR, "B", "", List.of(new Site("B.f", "unknown source", -1)), "r", "a");
    JsonSchema schema;
    try (InputStream in = Objects.requireNonNull(ReportTest.class.getResourceAsStream("sarif-2.1.0-rtm.5.json"))) {
      schema = JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(in);
    }
    for (LintReport report : List.of(REPORT, new LintReport(List.of(bare, odd), List.of("w"), 1, 2), new LintReport(List.of(), List.of(), 0, 0))) {
      assertThat(schema.validate(new ObjectMapper().readTree(report.sarif()))).isEmpty();
    }
    assertThat(schema.validate(new ObjectMapper().readTree(REPORT.sarif().replace("\"ruleId\"", "\"ruleIdent\"")))).isNotEmpty();
  }

  @Test
  void sarif_has_the_structure_that_the_standard_demands() throws Exception {
    JsonNode sarif = new ObjectMapper().readTree(REPORT.sarif());
    assertThat(sarif.get("version").asText()).isEqualTo("2.1.0");
    JsonNode run = sarif.at("/runs/0");
    assertThat(run.at("/tool/driver/name").asText()).isEqualTo("leaksafe-lint");
    List<String> rules = run.at("/tool/driver/rules").findValuesAsText("id");
    assertThat(rules).hasSize(LeakLint.rules().size()).doesNotHaveDuplicates();
    assertThat(run.get("results")).hasSameSizeAs(REPORT.findings()).allSatisfy(result -> {
      assertThat(rules).contains(result.get("ruleId").asText());
      assertThat(result.get("level").asText()).isIn("error", "warning", "note");
      assertThat(result.at("/message/text").asText()).isNotBlank();
      JsonNode place = result.at("/locations/0/physicalLocation");
      assertThat(place.at("/artifactLocation/uri").asText()).startsWith("leaksafe/lint/fixtures/").endsWith(".java");
      assertThat(place.at("/region/startLine").asInt()).isPositive();
      assertThat(result.at("/partialFingerprints/leaksafe~1v1").asText()).isNotBlank();
    });
  }

  @Test
  void html_holds_every_finding_escaped_and_the_pages_of_its_rules_and_loads_nothing() {
    String page = REPORT.html();
    for (Finding finding : REPORT.findings()) {
      assertThat(page).contains("<h3>" + finding.member() + "</h3>", "<a href=\"#" + finding.rule() + "\">", "<details id=\"" + finding.rule() + "\">");
      finding.sites().forEach(site -> assertThat(page).contains("<li>" + site.toString().replace("<", "&lt;").replace(">", "&gt;") + "</li>"));
    }
    assertThat(page.split("<article ", -1)).hasSize(REPORT.findings().size() + 1);
    assertThat(page).doesNotContain("<script", "src=", "http://", "https://", "<link", "<init>");
    Finding odd = new Finding("LS001", Severity.ERROR, "<b>&\"", "", List.of(), "r", "a");
    assertThat(new LintReport(List.of(odd), List.of("<i>"), 1, 2).html()).contains("<h3>&lt;b&gt;&amp;&quot;</h3>", "<li>&lt;i&gt;</li>");
    assertThat(new LintReport(List.of(), List.of(), 0, 0).html()).contains("0 findings").doesNotContain("<h2>");
  }
}
