package leaksafe.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final LintReport REPORT = LeakLint.paths(Path.of("target/test-classes/leaksafe/lint/fixtures")).scan();

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
}
