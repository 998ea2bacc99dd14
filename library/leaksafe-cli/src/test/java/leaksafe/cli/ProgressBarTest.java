package leaksafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter out = new StringWriter();
  private final ProgressBar bar = new ProgressBar(new PrintWriter(out));

  @Test
  void the_bar_is_as_long_as_the_share_that_is_done_and_goes_when_all_is() {
    bar.progress("indexing", 50, 100);
    assertThat(out.toString()).isEqualTo("\r" + "█".repeat(15) + "░".repeat(15) + " indexing\u001b[K");
    bar.progress("indexing", 100, 100);
    assertThat(out.toString()).endsWith("█".repeat(30) + " indexing\u001b[K\r\u001b[K");
  }

  @Test
  void what_is_of_unknown_length_or_longer_than_was_said_fits_the_line() {
    bar.progress("unpacking", 7, 0);
    assertThat(out.toString()).startsWith("\r" + "░".repeat(30) + " unpacking");
    bar.progress("indexing", 300, 100);
    assertThat(out.toString()).contains("█".repeat(30) + " indexing").doesNotContain("█".repeat(31));
  }
}
