package leaksafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import leaksafe.lint.Finding;
import org.junit.jupiter.api.Test;

class LintStepTest {

  @Test
  void the_lint_names_the_lines_of_ad_hoc_leaks_and_nothing_in_the_leaksafe_side() {
    LintStep step = LintStep.run();
    Set<String> named = new TreeSet<>();
    for (Scenario scenario : Scenarios.ALL) {
      for (Finding finding : step.findings(scenario)) {
        named.add(scenario.name());
        assertThat(finding.member()).doesNotContain("Leaksafe");
        assertThat(finding.sites()).allSatisfy(site -> assertThat(site.line()).isPositive());
      }
      assertThat(step.lines(scenario)).isNotEmpty().allSatisfy(line -> assertThat(line).startsWith("lint: "));
    }
    assertThat(named).hasSizeGreaterThanOrEqualTo(5);
  }
}
