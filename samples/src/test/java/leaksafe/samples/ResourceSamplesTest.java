package leaksafe.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The samples of executors and logs show the leak, and that the cure cures it. */
class ResourceSamplesTest {

  @Test
  void plain_executors_keep_their_threads_and_owned_ones_do_not() throws Exception {
    List<String> lines = Sample26_OwnedExecutors.run();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).isEqualTo("plain executors: 10 threads are left");
    assertThat(lines.get(1)).isEqualTo("executors of scopes: 0 threads are left");
    assertThat(lines.get(2)).startsWith("still running: kept-1 of executor kept, from ").contains("Sample26_OwnedExecutors.run(");
    assertThat(lines.get(3)).isEqualTo("owned executors that were dropped: 0 threads are left");
  }

  @Test
  void a_thread_local_stays_in_a_pooled_thread_and_a_thread_value_does_not() throws Exception {
    assertThat(Sample29_ThreadValues.run()).containsExactly("without a block the next request is alice's",
        "within a block it is bob's, and then alice's again", "after a block the next request is null's");
  }

  @Test
  void a_handler_of_log_records_keeps_requests_and_one_behind_text_does_not() {
    assertThat(Sample27_LogHandlers.run()).containsExactly("a handler that keeps records: 10 requests are kept",
        "behind a TextHandler: 0 requests are kept, and 10 records",
        "it says: could not answer request of 1000000 bytes / leaksafe.samples.Sample27_LogHandlers$RequestFailed"
            + " / failed: request of 1000000 bytes",
        "recent records: 3 are shown, 0 are left");
  }

  @Test
  void a_memory_handler_of_a_file_of_settings_keeps_requests_and_one_behind_text_does_not() throws Exception {
    assertThat(Sample30_LoggingProperties.run()).containsExactly("a memory handler: 100 of 100 requests are kept",
        "behind a text handler: 0 of 100 requests are kept", "recent: a request of number 98", "recent: a request of number 99",
        "recent: a request of number 100");
  }

  @Test
  void a_ring_of_logback_events_keeps_arguments_and_one_behind_text_does_not() throws Exception {
    assertThat(Sample28_Logback.run()).containsExactly("a ring of events: 100 of 100 arguments are kept",
        "behind a TextAppender: 0 of 100 arguments are kept", "without a scope the next request is logged for alice",
        "after a scope it is logged for null");
  }
}
