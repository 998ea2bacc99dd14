package leaksafe.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import leaksafe.census.CensusEntry;
import leaksafe.census.CensusSnapshot;
import leaksafe.server.CensusServer;
import org.junit.jupiter.api.Test;

/** The history is bounded, whatever comes and goes. */
class HistoryTest {

  private static CensusSnapshot snapshot(long number, LongStream ids) {
    List<CensusEntry> entries = ids.mapToObj(
        id -> new CensusEntry(id, "c" + id, "map", "site", "app", id * number, "", false, Map.of(), null)).toList();
    return new CensusSnapshot(number, Instant.EPOCH, entries);
  }

  @Test
  void a_ring_has_the_latest_sizes_oldest_first() {
    History history = new History();
    for (long number = 1; number <= CensusServer.POINTS + 5; number++) {
      history.add(snapshot(number, LongStream.of(1)));
    }
    assertThat(history.of(1)).hasSize(CensusServer.POINTS).startsWith(6, 7).endsWith(CensusServer.POINTS + 5);
    assertThat(history.heap()).hasSize(CensusServer.POINTS);
    assertThat(history.of(2)).isEmpty();
  }

  @Test
  void the_largest_are_kept_and_what_is_gone_is_forgotten() {
    History history = new History();
    history.add(snapshot(1, LongStream.rangeClosed(1, 10_000)));
    assertThat(history.size()).isEqualTo(CensusServer.SERIES + 1); // and the heap
    assertThat(history.of(10_000)).containsExactly(10_000);
    assertThat(history.of(1)).isEmpty();
    history.add(snapshot(2, LongStream.of(3)));
    assertThat(history.size()).isEqualTo(2);
    assertThat(history.of(3)).containsExactly(6);
  }

  @Test
  void a_snapshot_that_was_overtaken_is_left_out() {
    History history = new History();
    history.add(snapshot(2, LongStream.of(1)));
    history.add(snapshot(1, LongStream.of(1)));
    assertThat(history.of(1)).containsExactly(2);
  }
}
