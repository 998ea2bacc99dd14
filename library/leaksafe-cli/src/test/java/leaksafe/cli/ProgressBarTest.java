package leaksafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter out = new StringWriter();
  private final ProgressBar bar = new ProgressBar(new PrintWriter(out), StandardCharsets.UTF_8);

  @Test
  void the_bar_is_as_long_as_the_share_that_is_done_and_goes_when_all_is() {
    bar.progress("indexing", 50, 100);
    assertThat(out.toString()).isEqualTo("\u001b[?7l\r" + "█".repeat(15) + "░".repeat(15) + " indexing\u001b[K\u001b[?7h");
    bar.progress("indexing", 100, 100);
    assertThat(out.toString()).endsWith("█".repeat(30) + " indexing\u001b[K\u001b[?7h\r\u001b[K");
  }

  @Test
  void what_is_of_unknown_length_or_longer_than_was_said_fits_the_line() {
    bar.progress("unpacking", 7, 0);
    assertThat(out.toString()).startsWith("\u001b[?7l\r" + "░".repeat(30) + " unpacking");
    bar.progress("indexing", 300, 100);
    assertThat(out.toString()).contains("█".repeat(30) + " indexing").doesNotContain("█".repeat(31));
  }

  @Test
  void a_terminal_that_has_no_blocks_gets_signs_that_it_has() {
    new ProgressBar(new PrintWriter(out), StandardCharsets.US_ASCII).progress("indexing", 50, 100);
    assertThat(out.toString()).contains("#".repeat(15) + ".".repeat(15) + " indexing");
  }

  @Test
  void a_total_near_the_largest_number_does_not_overflow() {
    bar.progress("unpacking", Long.MAX_VALUE / 2, Long.MAX_VALUE);
    assertThat(out.toString()).contains("█".repeat(15) + "░".repeat(15));
  }
}
