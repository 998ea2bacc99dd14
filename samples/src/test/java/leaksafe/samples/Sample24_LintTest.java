package leaksafe.samples;

import static org.assertj.core.api.Assertions.assertThat;

import leaksafe.lint.Finding;
import org.junit.jupiter.api.Test;

class Sample24_LintTest {

  @Test
  void the_leak_is_found_and_the_cure_is_not() throws Exception {
    assertThat(Sample24_Lint.findings()).extracting(Finding::member).containsExactly("leaksafe.samples.Sample24_Lint$Leaky#LENGTHS");
  }
}
