package leaksafe.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.Leak;
import leaksafe.internal.Containers;
import leaksafe.testing.Gc;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class TrackerTest {
  private final ConcurrentLinkedQueue<Leak> leaks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();

  private static class Connection {
    byte[] weight = new byte[100];
  }

  private static final class SpecialConnection extends Connection {}

  private record Free(AtomicInteger freed) implements Runnable {
    @Override
    public void run() {
      freed.incrementAndGet();
    }
  }

  private Tracker<Connection> tracker(int sampleSites) {
    return Tracker.<Connection>builder("connections").sampleSites(sampleSites).leakListener(leaks::add).failureListener(failures::add).build();
  }

  @Test
  void counts_are_exact() {
    Tracker<Connection> tracker = tracker(128);
    List<Connection> connections = new ArrayList<>();
    List<Tracked> tracked = new ArrayList<>();
    for (int i = 1; i <= 10_000; i++) {
      Connection connection = new Connection();
      connections.add(connection);
      tracked.add(tracker.track(connection));
      assertThat(tracked.get(i - 1).isOpen()).isTrue();
    }
    assertThat(tracker.open()).isEqualTo(10_000);
    assertThat(tracker.openGroups().stream().mapToLong(OpenGroup::count).sum()).isEqualTo(10_000);
    for (Tracked one : tracked) {
      one.close();
      one.close();
      assertThat(one.isOpen()).isFalse();
    }
    assertThat(tracker.open()).isZero();
    assertThat(tracker.openGroups()).isEmpty();
    assertThat(tracker.leaked()).isZero();
    Reference.reachabilityFence(connections);
  }

  @Test
  void opening_and_closing_in_any_order_agrees_with_a_list() {
    Seeded.check(20, random -> {
      Tracker<Connection> tracker = tracker(0);
      Connection connection = new Connection();
      List<Tracked> open = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        // Phases of growing and shrinking, so that chunks fill, become half empty and are used again.
        boolean grow = random.nextInt(100) < (i / 500 % 2 == 0 ? 80 : 20);
        if (grow || open.isEmpty()) {
          open.add(tracker.track(connection));
        } else {
          open.remove(random.nextInt(open.size())).close();
        }
        if (i % 100 == 0) {
          assertThat(tracker.open()).isEqualTo(open.size());
        }
      }
      assertThat(open).allMatch(Tracked::isOpen);
      assertThat(tracker.open()).isEqualTo(open.size());
      Reference.reachabilityFence(connection);
    });
  }

  @Test
  void threads_that_open_and_close_lose_nothing() throws Exception {
    Tracker<Connection> tracker = tracker(0);
    Connection connection = new Connection();
    List<List<Tracked>> left = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    for (int t = 0; t < 4; t++) {
      List<Tracked> mine = new ArrayList<>();
      left.add(mine);
      threads.add(new Thread(() -> {
        try {
          start.await();
        } catch (InterruptedException e) {
          return;
        }
        for (int i = 0; i < 20_000; i++) {
          Tracked tracked = tracker.track(connection);
          if (i % 10 == 0) {
            mine.add(tracked);
          } else {
            tracked.close();
          }
        }
      }));
    }
    threads.forEach(Thread::start);
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(tracker.open()).isEqualTo(8000);
    assertThat(left).allSatisfy(mine -> assertThat(mine).allMatch(Tracked::isOpen));
    left.forEach(mine -> mine.forEach(Tracked::close));
    assertThat(tracker.open()).isZero();
    Reference.reachabilityFence(connection);
  }

  @Test
  void what_is_dropped_is_reported_with_its_site_and_where_it_was() {
    Tracker<Connection> tracker = tracker(1);
    openAndDrop(tracker);
    Gc.await("reported", () -> !leaks.isEmpty());
    Leak leak = leaks.remove();
    assertThat(leak.container()).isEqualTo("connections");
    assertThat(leak.kind()).isEqualTo("resource");
    assertThat(leak.what()).isEqualTo(Connection.class.getName());
    assertThat(leak.site()).startsWith("leaksafe.resource.TrackerTest.openAndDrop(TrackerTest.java:");
    assertThat(leak.hints()).singleElement().asString().startsWith("queried at leaksafe.resource.TrackerTest.openAndDrop(");
    assertThat(tracker.leaked()).isEqualTo(1);
    assertThat(tracker.open()).isZero();
    assertThat(tracker.leakGroups()).singleElement().satisfies(group -> {
      assertThat(group.count()).isEqualTo(1);
      assertThat(group.latest()).isEqualTo(leak);
    });
  }

  private static void openAndDrop(Tracker<Connection> tracker) {
    tracker.track(new Connection()).touch("queried");
  }

  @Test
  void the_site_is_that_of_who_opened_and_not_of_the_constructor() {
    Tracker<Object> tracker = Tracker.builder("self-tracking").sampleSites(1).leakListener(leaks::add).build();
    List<SelfTracking> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      open.add(SelfTracking.open(tracker));
      open.add(openElsewhere(tracker));
    }
    assertThat(tracker.openGroups()).hasSize(2).allMatch(group -> group.count() == 3)
        .anyMatch(group -> group.site().startsWith("leaksafe.resource.TrackerTest.the_site_is_that_of_who_opened_and_not_of_the_constructor("))
        .anyMatch(group -> group.site().startsWith("leaksafe.resource.TrackerTest.openElsewhere("));
    Reference.reachabilityFence(open);
  }

  private static SelfTracking openElsewhere(Tracker<Object> tracker) {
    return SelfTracking.open(tracker);
  }

  private static final class SelfTracking {
    final Tracked tracked;

    private SelfTracking(Tracker<Object> tracker) {
      tracked = tracker.track(this);
    }

    static SelfTracking open(Tracker<Object> tracker) {
      return new SelfTracking(tracker);
    }
  }

  @Test
  void what_was_closed_is_not_reported() {
    Tracker<Connection> tracker = tracker(1);
    WeakReference<Connection> closed = openAndClose(tracker);
    openAndDrop(tracker);
    Gc.awaitCleared(closed);
    Gc.await("the one that was dropped", () -> !leaks.isEmpty());
    assertThat(tracker.leaked()).isEqualTo(1);
  }

  private static WeakReference<Connection> openAndClose(Tracker<Connection> tracker) {
    Connection connection = new Connection();
    tracker.track(connection).close();
    return new WeakReference<>(connection);
  }

  @Test
  void unsampled_leaks_are_counted_exactly_by_class() {
    Tracker<Connection> tracker = tracker(0);
    for (int i = 0; i < 300; i++) {
      tracker.track(i % 3 == 0 ? new SpecialConnection() : new Connection());
    }
    Gc.await("all", () -> tracker.leaked() == 300);
    assertThat(tracker.leakGroups()).extracting(LeakGroup::what, LeakGroup::site, LeakGroup::count).containsExactly(
        org.assertj.core.groups.Tuple.tuple(Connection.class.getName(), Leak.NOT_SAMPLED, 200L),
        org.assertj.core.groups.Tuple.tuple(SpecialConnection.class.getName(), Leak.NOT_SAMPLED, 100L));
    Gc.awaitWithoutGc("told one by one", () -> leaks.size() == 300);
  }

  @Test
  void sampling_takes_about_one_of_so_many() {
    Tracker<Connection> tracker = tracker(4);
    Connection connection = new Connection();
    for (int i = 0; i < 8000; i++) {
      tracker.track(connection);
    }
    long sampled = tracker.openGroups().stream().filter(g -> !g.site().equals(Leak.NOT_SAMPLED)).mapToLong(OpenGroup::count).sum();
    assertThat(sampled).isBetween(1600L, 2400L); // ten standard deviations
    tracker.sampleSites(1);
    tracker.track(connection);
    Reference.reachabilityFence(connection);
  }

  @Test
  void notes_are_bounded_and_cut() {
    Tracker<Connection> tracker = tracker(1);
    touchOftenAndDrop(tracker);
    Gc.await("reported", () -> !leaks.isEmpty());
    List<String> hints = leaks.remove().hints();
    assertThat(hints).hasSize(9);
    assertThat(hints.get(6)).as("no half of a surrogate pair").matches("z{196}\\.\\.\\. at .*");
    assertThat(hints.get(0)).startsWith("note 0 at ");
    assertThat(hints.get(1)).isEqualTo("... 92 more ...");
    assertThat(hints.get(2)).startsWith("note 93 at ");
    assertThat(hints.get(7)).startsWith("note 98 at ");
    assertThat(hints.get(8)).matches("y{197}\\.\\.\\. at .*");
  }

  private static void touchOftenAndDrop(Tracker<Connection> tracker) {
    Tracked tracked = tracker.track(new Connection());
    for (int i = 0; i < 99; i++) {
      tracked.touch(i == 97 ? "z".repeat(196) + "\uD83D\uDE00".repeat(10) : "note " + i);
    }
    tracked.touch("y".repeat(1000));
  }

  @Test
  void a_cleanup_action_runs_once_when_closed() {
    AtomicInteger freed = new AtomicInteger();
    Tracker<Connection> tracker = tracker(0);
    Connection connection = new Connection();
    Tracked tracked = tracker.track(connection, new Free(freed));
    tracked.close();
    tracked.close();
    assertThat(freed).hasValue(1);
    Reference.reachabilityFence(connection);
  }

  @Test
  void a_cleanup_action_runs_when_the_object_was_dropped() {
    AtomicInteger freed = new AtomicInteger();
    Tracker<Connection> tracker = tracker(0);
    for (int i = 0; i < 100; i++) {
      tracker.track(i % 2 == 0 ? new Connection() : new SpecialConnection(), new Free(freed));
    }
    Gc.await("all freed", () -> freed.get() == 100);
    Gc.awaitWithoutGc("all told", () -> leaks.size() == 100);
    assertThat(tracker.leakGroups()).extracting(LeakGroup::count).containsExactly(50L, 50L);
  }

  @Test
  void a_closed_record_lets_go_of_its_action() {
    Tracker<Connection> tracker = tracker(0);
    Connection connection = new Connection();
    Tracked[] kept = new Tracked[1];
    WeakReference<AtomicInteger> captured = trackAndClose(tracker, connection, kept);
    Gc.awaitCleared(captured);
    Reference.reachabilityFence(kept);
    Reference.reachabilityFence(connection);
  }

  private static WeakReference<AtomicInteger> trackAndClose(Tracker<Connection> tracker, Connection connection, Tracked[] kept) {
    AtomicInteger captured = new AtomicInteger();
    kept[0] = tracker.track(connection, new Free(captured));
    kept[0].close();
    return new WeakReference<>(captured);
  }

  @Test
  void what_a_cleanup_action_throws_goes_to_the_closer_or_the_failure_listener() {
    Tracker<Connection> tracker = tracker(1);
    Connection connection = new Connection();
    Tracked tracked = tracker.track(connection, TrackerTest::fail);
    assertThatThrownBy(tracked::close).hasMessage("fails on purpose");
    tracker.track(new Connection(), TrackerTest::fail);
    Gc.await("told", () -> !failures.isEmpty());
    assertThat(failures).singleElement().satisfies(failure -> {
      assertThat(failure.container()).isEqualTo("connections");
      assertThat(failure.role()).isEqualTo("cleanup action");
      assertThat(failure.cause()).hasMessage("fails on purpose");
    });
    Gc.awaitWithoutGc("the leak is told too", () -> leaks.size() == 1);
    Reference.reachabilityFence(connection);
  }

  private static void fail() {
    throw new IllegalStateException("fails on purpose");
  }

  @Test
  void a_cleanup_action_that_captures_its_object_is_refused_with_the_path() {
    Tracker<Connection> tracker = tracker(1);
    Connection connection = new Connection();
    assertThatThrownBy(() -> tracker.track(connection, () -> connection.weight = new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("connections: the cleanup action captures the " + Connection.class.getName()
            + " that it cleans up after (TrackerTest$$Lambda")
        .hasMessageEndingWith("so it would never run; let it capture what it has to free instead, in a static nested class or record");
    assertThat(tracker.open()).isZero();
    Tracker<Connection> unsampled = tracker(0);
    assertThatThrownBy(() -> unsampled.track(connection, () -> connection.weight = new byte[1]))
        .as("the first of a class are looked at though they are not sampled").isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_failing_listener_does_not_stop_the_others() {
    AtomicInteger told = new AtomicInteger();
    Tracker<Connection> tracker = Tracker.<Connection>builder("failing listener").sampleSites(0).leakListener(leak -> {
      told.incrementAndGet();
      throw new IllegalStateException("a listener that fails on purpose");
    }).build();
    tracker.track(new Connection());
    tracker.track(new Connection());
    Gc.await("both told", () -> told.get() == 2);
  }

  @Test
  void a_failing_failure_listener_does_not_stop_the_other_cleanup_actions() {
    AtomicInteger freed = new AtomicInteger();
    Tracker<Connection> tracker = Tracker.<Connection>builder("failing listener").sampleSites(0).leakListener(leaks::add).failureListener(failure -> {
      throw new AssertionError("a failure listener that fails on purpose");
    }).build();
    for (int i = 0; i < 10; i++) {
      tracker.track(new Connection(), i % 2 == 0 ? TrackerTest::fail : new Free(freed));
    }
    Gc.await("all of the others", () -> freed.get() == 5);
    Gc.awaitWithoutGc("all leaks told", () -> leaks.size() == 10);
  }

  @Test
  void what_is_open_is_there_to_be_asked_for_by_class_and_line_until_it_is_closed() {
    Tracker<Connection> tracker = tracker(1);
    List<Connection> open = new ArrayList<>();
    List<Tracked> records = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Connection connection = i % 3 == 0 ? new SpecialConnection() : new Connection();
      open.add(connection);
      records.add(i % 2 == 0 ? openHere(tracker, connection) : openThere(tracker, connection));
    }
    assertThat(tracker.openGroups()).extracting(group -> group.count() + " " + group.what().replaceAll(".*\\$", "") + " "
        + group.site().replaceAll("^[\\w.$]*\\.(\\w+)\\(.*", "$1")).containsExactlyInAnyOrder("2 Connection openHere", "2 Connection openThere",
            "1 SpecialConnection openHere", "1 SpecialConnection openThere");
    assertThat(tracker.openGroups()).extracting(OpenGroup::count).containsExactly(2L, 2L, 1L, 1L);
    for (int i = 1; i < 6; i += 2) {
      records.get(i).close();
    }
    assertThat(tracker.openGroups()).extracting(OpenGroup::count).containsExactly(2L, 1L);
    assertThat(tracker.openGroups()).allMatch(group -> group.site().contains("TrackerTest.openHere("));
    assertThat(tracker.openGroups().get(0)).asString().startsWith("2 x " + Connection.class.getName() + " open, the oldest for ")
        .contains(" s, opened at leaksafe.resource.TrackerTest.openHere(TrackerTest.java:");
    Reference.reachabilityFence(open);
  }

  @Test
  void a_group_is_as_old_as_the_oldest_that_is_open() throws Exception {
    Tracker<Connection> tracker = tracker(1);
    List<Connection> open = List.of(new Connection(), new Connection(), new Connection());
    for (Connection connection : open) {
      openHere(tracker, connection);
      Thread.sleep(10);
    }
    assertThat(tracker.openGroups()).singleElement().satisfies(group -> assertThat(group.oldest().toMillis()).isGreaterThanOrEqualTo(29));
    Reference.reachabilityFence(open);
  }

  @Test
  void what_leaked_is_grouped_by_class_and_line_with_the_most_first() {
    Tracker<Connection> tracker = tracker(1);
    for (int i = 0; i < 5; i++) {
      openHere(tracker, new Connection());
    }
    for (int i = 0; i < 3; i++) {
      openThere(tracker, new SpecialConnection());
    }
    openThere(tracker, new Connection());
    Gc.await("all", () -> tracker.leaked() == 9);
    assertThat(tracker.leakGroups()).extracting(LeakGroup::count).containsExactly(5L, 3L, 1L);
    assertThat(tracker.leakGroups()).extracting(LeakGroup::what)
        .containsExactly(Connection.class.getName(), SpecialConnection.class.getName(), Connection.class.getName());
    assertThat(tracker.leakGroups()).extracting(group -> group.site().replaceAll("^[\\w.$]*\\.(\\w+)\\(.*", "$1"))
        .containsExactly("openHere", "openThere", "openThere");
    assertThat(tracker.leakGroups()).allMatch(group -> group.latest().container().equals("connections"));
    assertThat(tracker.leakGroups().get(0)).asString().startsWith(
        "5 x " + Connection.class.getName() + " dropped without being closed, opened at leaksafe.resource.TrackerTest.openHere(");
  }

  private static Tracked openHere(Tracker<Connection> tracker, Connection connection) {
    return tracker.track(connection);
  }

  private static Tracked openThere(Tracker<Connection> tracker, Connection connection) {
    return tracker.track(connection);
  }

  @Test
  void a_slow_listener_bounds_what_waits_for_it() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    ConcurrentLinkedQueue<Leak> told = new ConcurrentLinkedQueue<>();
    Tracker<Connection> tracker = Tracker.<Connection>builder("slow").sampleSites(0).leakListener(leak -> {
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      told.add(leak);
    }).build();
    for (int i = 0; i < 6000; i++) {
      tracker.track(new Connection());
    }
    Gc.await("all counted", () -> tracker.leaked() == 6000);
    go.countDown();
    Gc.awaitWithoutGc("the rest told as one", () -> told.stream().anyMatch(leak -> leak.what().endsWith(" more")));
    assertThat(told.size()).isBetween(4097, 4200);
  }

  @Test
  void a_tracker_that_is_dropped_keeps_nothing() {
    WeakReference<Object> listener = trackAndDropTracker();
    Gc.awaitCleared(listener);
  }

  private static WeakReference<Object> trackAndDropTracker() {
    ConcurrentLinkedQueue<Leak> captured = new ConcurrentLinkedQueue<>();
    Tracker<Connection> tracker = Tracker.<Connection>builder("dropped").leakListener(captured::add).build();
    tracker.track(new Connection(), captured::clear);
    return new WeakReference<>(captured);
  }

  @Test
  void a_tracker_is_visible() {
    Tracker<Connection> tracker = Tracker.create("visible tracker");
    Connection connection = new Connection();
    tracker.track(connection);
    Container container = Containers.list().stream().filter(c -> c.name().equals("visible tracker")).findFirst().orElseThrow();
    assertThat(container.kind()).isEqualTo("tracker");
    assertThat(container.estimatedSize()).isEqualTo(1);
    assertThat(container.bound()).isEqualTo("weak");
    assertThat(container.figures()).containsEntry("leaked", 0L).containsEntry("open", 1L);
    assertThat(tracker).hasToString("Tracker visible tracker, 1 open, 0 leaked");
    Reference.reachabilityFence(tracker);
    Reference.reachabilityFence(connection);
  }

  @Test
  void bad_arguments_are_refused_with_what_would_be_right() {
    assertThatThrownBy(() -> Tracker.builder("x").sampleSites(-1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sampleSites must be at least 0 (1 for all call sites, 0 for none), but was -1");
    assertThatThrownBy(() -> tracker(1).sampleSites(-2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tracker(1).track(null)).isInstanceOf(NullPointerException.class).hasMessage("resource");
    assertThatThrownBy(() -> tracker(1).track(new Connection(), null)).isInstanceOf(NullPointerException.class).hasMessage("cleanup");
    assertThatThrownBy(() -> tracker(1).track(new Connection()).touch(null)).isInstanceOf(NullPointerException.class).hasMessage("hint");
    assertThatThrownBy(() -> Tracker.create(null)).isInstanceOf(NullPointerException.class).hasMessage("name");
  }
}
