package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import leaksafe.FailureListener;
import leaksafe.Leak;
import leaksafe.LeakListener;
import leaksafe.internal.Reaper;
import leaksafe.resource.LeakGroup;
import leaksafe.testing.Gc;
import leaksafe.testing.LogLines;
import org.junit.jupiter.api.Test;

class LeakTallyTest {
  private static final String LAST = "last";

  private static Leak leak(String what, String site) {
    return new Leak("tally", "scope", what, site, Duration.ZERO, List.of());
  }

  @Test
  void without_a_listener_the_log_gets_every_power_of_two_of_a_group_with_the_count() {
    LeakTally tally = new LeakTally("tally", "scope", null, FailureListener.logging(), Reaper.userCodeExecutor());
    LogLines log = new LogLines();
    try (log) {
      for (int i = 1; i <= 100; i++) {
        tally.add(leak("often", "here"), null, null);
      }
      tally.add(leak(LAST, "here"), null, null);
      Gc.awaitWithoutGc("logged", () -> log.lines.stream().anyMatch(line -> line.contains(LAST)));
    }
    assertThat(log.lines).filteredOn(line -> line.contains("(often)")).hasSize(7)
        .allMatch(line -> line.startsWith("tally: a scope (often) was dropped without being closed after 0 ms; opened at here"))
        .extracting(line -> line.replaceAll(".*opened at here", ""))
        .containsExactly("", "; touched: number 2 of its class and site", "; touched: number 4 of its class and site",
            "; touched: number 8 of its class and site", "; touched: number 16 of its class and site",
            "; touched: number 32 of its class and site", "; touched: number 64 of its class and site");
  }

  @Test
  void leaks_of_which_a_listener_is_told_do_not_count_for_those_of_which_the_log_is() {
    LeakTally tally = new LeakTally("tally", "scope", null, FailureListener.logging(), Runnable::run);
    Queue<Leak> told = new ConcurrentLinkedQueue<>();
    try (LogLines log = new LogLines()) {
      tally.add(leak("mixed", "here"), null, told::add);
      tally.add(leak("mixed", "here"), null, told::add);
      tally.add(leak("mixed", "here"), null, null);
      assertThat(log.lines).filteredOn(line -> line.contains("(mixed)")).singleElement().asString().endsWith("; opened at here");
    }
    assertThat(told).hasSize(2);
    assertThat(tally.groups()).singleElement().satisfies(group -> assertThat(group.count()).isEqualTo(3));
  }

  @Test
  void groups_are_bounded_and_the_rest_is_one_group() {
    LeakTally tally = new LeakTally("tally", "scope", leak -> { }, FailureListener.logging(), Reaper.userCodeExecutor());
    int more = 77;
    for (int i = 0; i < LeakTally.MOST_GROUPS + more; i++) {
      tally.add(leak("what", "site " + i), null, null);
    }
    tally.add(leak("what", "site 0"), null, null);
    List<LeakGroup> groups = tally.groups();
    assertThat(groups).hasSize(LeakTally.MOST_GROUPS + 1);
    assertThat(groups.get(0)).hasToString(more + " x (other classes and sites) dropped without being closed, opened at (more than 1024)");
    assertThat(groups.get(1)).hasToString("2 x what dropped without being closed, opened at site 0");
    assertThat(tally.total()).isEqualTo(LeakTally.MOST_GROUPS + more + 1);
  }

  @Test
  void what_a_slow_listener_could_not_be_told_one_by_one_is_told_as_one_of_the_same_kind() {
    CountDownLatch go = new CountDownLatch(1);
    Queue<Leak> told = new ConcurrentLinkedQueue<>();
    LeakListener slow = leak -> {
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      told.add(leak);
    };
    LeakTally tally = new LeakTally("tally", "scope", slow, FailureListener.logging(), Reaper.userCodeExecutor());
    tally.add(leak("first", "here"), () -> { }, null);
    int more = 5;
    for (int i = 0; i < LeakTally.MOST_PENDING + more; i++) {
      tally.add(leak("next", "here"), null, null);
    }
    go.countDown();
    Gc.awaitWithoutGc("the rest told", () -> told.stream().anyMatch(leak -> leak.what().endsWith(" more")));
    Leak rest = told.stream().filter(leak -> leak.what().endsWith(" more")).findFirst().orElseThrow();
    int untold = Integer.parseInt(rest.what().replace(" more", ""));
    assertThat(untold).isBetween(more, more + 1); // one more if the listener had not begun
    assertThat(rest.kind()).isEqualTo("scope");
    assertThat(rest.hints()).containsExactly("the listener was behind; these were counted but not told one by one");
    assertThat(told).hasSize(LeakTally.MOST_PENDING + more + 1 - untold + 1);
  }
}
