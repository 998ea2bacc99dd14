package leaksafe.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

class AllocationRecorderTest {

  private static final class Leaked {
    final long[] numbers = new long[100];
  }

  static final List<Object> LEAK = new ArrayList<>();
  static volatile Object sink;

  private static void allocate() {
    for (int i = 0; i < 20_000; i++) {
      sink = new char[1000];
    }
  }

  private static void awaitStreams() {
    Gc.awaitWithoutGc("no thread of a stream", () -> Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().startsWith("JFR Event Stream")));
  }

  @Test
  void what_is_allocated_is_counted_by_class_line_and_stack() {
    try (AllocationRecorder recorder = AllocationRecorder.builder().oldObjects(false).samplesPerSecond(1000).start()) {
      AllocationSnapshot before = recorder.snapshot();
      Gc.awaitWithoutGc("seen", () -> {
        allocate();
        return recorder.snapshot().since(before).ofClasses("char[]").samples() > 20;
      });
      AllocationSnapshot seen = recorder.snapshot().since(before).ofClasses("char[]").through("leaksafe.watch.AllocationRecorderTest.");
      assertThat(seen.bytes()).isGreaterThan(1_000_000);
      assertThat(seen.byClass()).singleElement().satisfies(count -> assertThat(count.key()).isEqualTo("char[]"));
      assertThat(seen.byLine()).first().satisfies(count -> assertThat(count.key())
          .startsWith("leaksafe.watch.AllocationRecorderTest.allocate(AllocationRecorderTest.java:"));
      assertThat(seen.byStack()).first().satisfies(count -> assertThat(count.key()).contains(" < "));
      assertThat(seen.notThrough("leaksafe.watch.").sites()).isEmpty();
      assertThat(seen.sites()).allSatisfy(site -> assertThat(site.stack()).hasSizeBetween(1, 16));
    }
    awaitStreams();
  }

  @Test
  void stacks_beyond_the_bound_are_counted_as_other() {
    try (AllocationRecorder recorder = AllocationRecorder.builder().oldObjects(false).maximumSites(1).frames(1).samplesPerSecond(1000).start()) {
      Gc.awaitWithoutGc("two sites", () -> {
        allocate();
        sink = new ArrayList<>(List.of(new int[100_000], new byte[1_000_000]));
        return recorder.snapshot().sites().size() == 2;
      });
      AllocationSnapshot snapshot = recorder.snapshot();
      assertThat(snapshot.byClass()).extracting(AllocationCount::key).contains(AllocationSnapshot.OTHER);
      assertThat(snapshot.byLine()).extracting(AllocationCount::key).contains(AllocationSnapshot.OTHER);
    }
  }

  @Test
  void what_is_still_there_is_shown_with_its_line_and_what_holds_it() {
    try (AllocationRecorder recorder = AllocationRecorder.start()) {
      for (int i = 0; i < 20_000; i++) {
        LEAK.add(new Leaked());
      }
      System.gc();
      List<LiveObject> alive = recorder.alive();
      assertThat(alive).anySatisfy(object -> {
        assertThat(object.className()).isIn("long[]", Leaked.class.getName());
        assertThat(object.stack()).first().asString().startsWith("leaksafe.watch.AllocationRecorderTest");
        assertThat(object.chain()).contains(" <- ", "LEAK of ");
        assertThat(object.root()).isNotEmpty();
        assertThat(object).asString().contains(" ms old, allocated at leaksafe.watch.AllocationRecorderTest", "held by ");
      });
      assertThat(recorder.alive()).as("asked again").isNotEmpty();
    }
    Reference.reachabilityFence(LEAK);
    LEAK.clear();
  }

  @Test
  void a_closed_recorder_says_so_and_one_without_old_objects_too() {
    AllocationRecorder recorder = AllocationRecorder.builder().oldObjects(false).start();
    assertThatIllegalStateException().isThrownBy(recorder::alive)
        .withMessage("this allocation recorder was built with oldObjects(false): it does not know what is still there");
    recorder.close();
    recorder.close();
    assertThatIllegalStateException().isThrownBy(recorder::snapshot).withMessage("this allocation recorder is closed");
    assertThatIllegalStateException().isThrownBy(recorder::alive).withMessage("this allocation recorder is closed");
    awaitStreams();
  }

  /** A web application that keeps a recorder in a static field and goes without closing it. */
  public static final class Deployed implements Runnable {
    static final AllocationRecorder RECORDER = AllocationRecorder.start();
    static Object allocated;

    @Override
    public void run() {
      Gc.awaitWithoutGc("a sample", () -> {
        for (int i = 0; i < 1000; i++) {
          allocated = new char[1000];
        }
        return !RECORDER.snapshot().sites().isEmpty();
      });
      if (RECORDER.alive().isEmpty() && allocated == null) {
        throw new AssertionError("nothing is there");
      }
    }
  }

  @Test
  void a_class_loader_with_a_recorder_in_a_static_field_is_collected_and_the_stream_ends() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Deployed.class));
    Gc.awaitWithoutGc("the stream ended", () -> {
      allocate();
      return Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().startsWith("JFR Event Stream"));
    });
  }

  private static AllocationSnapshot snapshot(AllocationSite... sites) {
    return new AllocationSnapshot(List.of(sites));
  }

  @Test
  void a_difference_is_what_came_since_and_refuses_what_is_later() {
    AllocationSite a = new AllocationSite("A", List.of("java.util.HashMap.put(HashMap.java:1)", "com.acme.X.f(X.java:7)"), 2, 100);
    AllocationSite more = new AllocationSite("A", a.stack(), 5, 250);
    AllocationSite b = new AllocationSite("B", List.of("java.lang.String.concat(String.java:1)"), 1, 30);
    assertThat(snapshot(more, b).since(snapshot(a))).isEqualTo(snapshot(new AllocationSite("A", a.stack(), 3, 150), b));
    assertThat(snapshot(a).since(snapshot(a)).sites()).isEmpty();
    assertThat(a.line()).isEqualTo("com.acme.X.f(X.java:7)");
    assertThat(b.line()).isEqualTo("java.lang.String.concat(String.java:1)");
    assertThatIllegalArgumentException().isThrownBy(() -> snapshot(a).since(snapshot(more)))
        .withMessage("earlier has 3 more samples of A from com.acme.X.f(X.java:7): it was taken later, or of another recorder; call later.since(earlier)");
    assertThatIllegalArgumentException().isThrownBy(() -> snapshot().since(snapshot(b))).withMessageStartingWith("earlier has 1 more samples of B");
    assertThatNullPointerException().isThrownBy(() -> snapshot().since(null)).withMessage("earlier");
    assertThatNullPointerException().isThrownBy(() -> snapshot().through(null)).withMessage("prefix");
  }

  @Test
  void bad_settings_are_refused_with_what_was_given() {
    AllocationRecorder.Builder builder = AllocationRecorder.builder();
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maximumSites(0)).withMessage("maximumSites must be 1 to 1000000, but was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.frames(65)).withMessage("frames must be 1 to 64, but was 65");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.samplesPerSecond(-1))
        .withMessage("samplesPerSecond must be 1 to 1000000, but was -1");
  }
}
