package leaksafe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a leak says of itself. */
class LeakTest {

  private static String text(String kind, List<String> hints) {
    return new Leak("jobs", kind, "com.acme.Job", "Job.java:7", Duration.ofMillis(12), hints).toString();
  }

  @Test
  void the_article_fits_the_kind() {
    assertThat(text("lease", List.of()))
        .isEqualTo("jobs: a lease (com.acme.Job) was dropped without being closed after 12 ms; opened at Job.java:7");
    assertThat(text("executor", List.of())).startsWith("jobs: an executor (com.acme.Job) was dropped");
  }

  @Test
  void what_is_overdue_is_still_open_and_hints_come_last() {
    assertThat(text("overdue lease", List.of("sent", "answered")))
        .isEqualTo("jobs: an overdue lease (com.acme.Job) is still open after 12 ms; opened at Job.java:7; touched: sent, answered");
  }
}
