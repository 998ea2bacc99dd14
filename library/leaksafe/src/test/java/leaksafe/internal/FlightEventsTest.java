package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import leaksafe.Leak;
import leaksafe.cache.Cache;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gets into the flight recorder, and that the recorder keeps nothing of ours. */
class FlightEventsTest {
  private static final Leak DROPPED = new Leak("orders-db", "lease", "Connection", "OrderDao.java:31", Duration.ofMillis(41), List.of());
  private static final Leak LATE = new Leak("orders-db", "overdue lease", "Connection", "OrderDao.java:32", Duration.ofSeconds(5), List.of());

  @TempDir
  Path folder;

  private List<RecordedEvent> events(Recording recording, String name) throws IOException {
    Path file = folder.resolve(name + ".jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream().filter(event -> event.getEventType().getName().equals(name)).toList();
  }

  @Test
  void leaks_and_overdue_leases_are_events() throws IOException {
    try (Recording recording = new Recording()) {
      recording.enable("leaksafe.Leak");
      recording.enable("leaksafe.LeaseOverdue");
      recording.start();
      AtomicReference<Leak> told = new AtomicReference<>();
      Reports.tell(told::set, DROPPED);
      Reports.tell(told::set, LATE);
      assertThat(told.get()).isEqualTo(LATE);
      assertThat(events(recording, "leaksafe.Leak")).filteredOn(event -> event.getString("container").equals("orders-db")).singleElement()
          .satisfies(event -> {
            assertThat(event.getString("kind")).isEqualTo("lease");
            assertThat(event.getString("what")).isEqualTo("Connection");
            assertThat(event.getString("site")).isEqualTo("OrderDao.java:31");
            assertThat(event.getDuration("age")).isEqualTo(Duration.ofMillis(41));
          });
      assertThat(events(recording, "leaksafe.LeaseOverdue")).filteredOn(event -> event.getString("container").equals("orders-db"))
          .singleElement().satisfies(event -> assertThat(event.getDuration("age")).isEqualTo(Duration.ofSeconds(5)));
    }
  }

  @Test
  void a_cache_whose_content_is_replaced_at_once_is_an_event() throws IOException {
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name("burst").maximumSize(200).recordStats().build();
    Cache<Integer, String> quiet = Cache.<Integer, String>builder().name("quiet").maximumSize(200).recordStats().build();
    try (Recording recording = new Recording()) {
      recording.enable("leaksafe.EvictionBurst");
      recording.start();
      assertThat(FlightEvents.wantsEvictionBursts()).isTrue();
      Path file = folder.resolve("bursts.jfr");
      int[] next = {0};
      quiet.put(0, "only");
      Gc.awaitWithoutGc("a burst", () -> {
        for (int i = 0; i < 5_000; i++) {
          cache.put(next[0]++, "value");
        }
        Containers.wakePolling(); // so that the test need not wait until the reaper asks by itself
        try {
          recording.dump(file);
          List<RecordedEvent> bursts = RecordingFile.readAllEvents(file).stream()
              .filter(event -> event.getEventType().getName().equals("leaksafe.EvictionBurst")).toList();
          assertThat(bursts).noneMatch(event -> event.getString("container").equals("quiet"));
          return bursts.stream().anyMatch(event -> event.getString("container").equals("burst") && event.getLong("evictions") >= 200
              && event.getString("site").contains("FlightEventsTest.java"));
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      });
      assertThat(quiet.estimatedSize()).isEqualTo(1);
    }
    assertThat(FlightEvents.wantsEvictionBursts()).isFalse();
  }

  /** An application that brings the library and records its events. */
  public static final class Recorded implements Runnable {
    @Override
    public void run() {
      try (Recording recording = new Recording()) {
        recording.enable("leaksafe.Leak");
        recording.enable("leaksafe.EvictionBurst");
        recording.start();
        Reports.tell(leak -> {}, new Leak("child", "lease", "Connection", "OrderDao.java:31", Duration.ZERO, List.of()));
        if (!FlightEvents.wantsEvictionBursts()) {
          throw new AssertionError("the recording does not want what it asked for");
        }
        FlightEvents.evictionBurst("child", "site", 100, 100, 1);
      }
    }
  }

  @Test
  void the_recorder_keeps_no_class_loader_that_brought_the_library() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Recorded.class));
  }
}
