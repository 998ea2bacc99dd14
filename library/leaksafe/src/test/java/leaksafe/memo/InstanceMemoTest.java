package leaksafe.memo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.cache.Cache;
import leaksafe.internal.Containers;
import leaksafe.registry.Attachable;
import leaksafe.registry.Attachments;
import leaksafe.registry.CyclePolicy;
import leaksafe.registry.Host;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class InstanceMemoTest {
  private final AtomicInteger calls = new AtomicInteger();

  /** A class that knows nothing of the library. */
  static class Report {
    final byte[] data = new byte[1 << 12];
    final Map<String, Object> attributes = new HashMap<>();

    String render(String language) {
      return language + " of " + data.length;
    }

    Object self(String language) {
      return new Object[] {language, this};
    }

    Object fail(String language) {
      throw new Rejected(this);
    }
  }

  /** The same with a place for results. */
  static final class OpenReport extends Report implements Attachable {
    private final Attachments attachments = new Attachments();

    @Override
    public Attachments attachments() {
      return attachments;
    }
  }

  private static final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient Report report;

    Rejected(Report report) {
      this.report = report;
    }
  }

  @Test
  void results_belong_to_their_object_and_are_computed_once() {
    InstanceMemo<Report, String, String> memo = Memo.perInstance((report, language) -> calls.incrementAndGet() + report.render(language));
    Report one = new Report();
    Report two = new Report();
    assertThat(memo.apply(one, "en")).isEqualTo("1en of 4096");
    assertThat(memo.apply(two, "en")).isEqualTo("2en of 4096");
    assertThat(memo.apply(one, "en")).isEqualTo("1en of 4096");
    assertThat(memo.info()).isEqualTo(new MemoInfo(1, 2, 2, java.util.OptionalLong.of(128)));
    memo.invalidate(one, "en");
    assertThat(memo.apply(one, "en")).startsWith("3");
    assertThat(memo.apply(two, "en")).startsWith("2");
    memo.invalidate(two);
    assertThat(memo.apply(two, "en")).startsWith("4");
    memo.clear();
    assertThat(memo.info().size()).isZero();
    Reference.reachabilityFence(one);
  }

  @Test
  void each_object_has_a_bound_of_its_own() {
    InstanceMemo<Report, String, String> memo = Memo.perInstance(Report::render, Memo.builder(Cache.builder().maximumSize(3)));
    List<Report> reports = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Report report = new Report();
      reports.add(report);
      for (int n = 0; n < 50; n++) {
        memo.apply(report, "language " + n);
      }
    }
    assertThat(memo.info().size()).isEqualTo(30);
    assertThat(memo.info().maximum()).hasValue(3);
    Reference.reachabilityFence(reports);
  }

  @Test
  void it_is_in_the_census_once_whatever_it_consists_of() {
    InstanceMemo<Report, String, String> memo = Memo.perInstance(Report::render, Memo.builder().name("texts"));
    List<Report> reports = List.of(new Report(), new Report());
    reports.forEach(report -> memo.apply(report, "en"));
    assertThat(Containers.list()).filteredOn(container -> container.name().contains("texts")).singleElement()
        .satisfies(container -> {
          assertThat(container.kind()).isEqualTo("memo");
          assertThat(container.bound()).isEqualTo("weak instances, for each maximumSize 128");
          assertThat(container.estimatedSize()).isEqualTo(2);
          assertThat(container.figures()).containsEntry("instances", 2L).containsEntry("misses", 2L);
        });
    assertThat(Containers.list()).extracting(Container::creationSite).filteredOn(site -> site.contains("InstanceMemoTest.it_is_in"))
        .hasSize(1);
    Reference.reachabilityFence(reports);
  }

  @Test
  void an_object_and_its_results_are_collected_while_the_memo_lives() {
    InstanceMemo<Report, String, byte[]> memo = Memo.perInstance((report, language) -> new byte[1 << 12]);
    List<WeakReference<?>> gone = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      gone.addAll(use(memo, new Report()));
    }
    Gc.awaitCleared(gone);
    Gc.await("the results are gone", () -> memo.info().size() == 0);
    Reference.reachabilityFence(memo);
  }

  private static <V> List<WeakReference<?>> use(InstanceMemo<Report, String, V> memo, Report report) {
    return List.of(new WeakReference<>(report), new WeakReference<Object>(memo.apply(report, "en")));
  }

  @Test
  void results_that_reach_an_attachable_object_go_with_it() {
    InstanceMemo<Report, String, Object> memo = Memo.perInstance(Report::self);
    List<WeakReference<?>> gone = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      gone.addAll(use(memo, new OpenReport()));
    }
    Gc.awaitCleared(gone);
    Reference.reachabilityFence(memo);
  }

  @Test
  void results_that_reach_an_object_with_a_host_go_with_it() {
    InstanceMemo<Report, String, Object> memo = Memo.perInstance(Report::self,
        Memo.builder().host(Report.class, Host.of(report -> report.attributes.get("memo"), (report, a) -> report.attributes.put("memo", a))));
    Gc.awaitCleared(use(memo, new Report()));
    Reference.reachabilityFence(memo);
  }

  @Test
  void a_result_that_reaches_another_object_is_refused_with_the_path() {
    InstanceMemo<Report, String, Object> memo = Memo.perInstance(Report::self, Memo.builder().name("selves"));
    Report report = new Report();
    assertThatIllegalArgumentException().isThrownBy(() -> memo.apply(report, "en"))
        .withMessage("selves: the result reaches its leaksafe.memo.InstanceMemoTest$Report (Object[][1]) and would keep it for ever;"
            + " let it implement Attachable, name a host for it, hold it by a WeakReference, or say onCycle(CyclePolicy.ALLOW)");
    assertThat(memo.info().size()).isZero();
  }

  @Test
  void a_key_and_a_method_that_reach_the_object_are_refused_too() {
    Report report = new Report();
    InstanceMemo<Report, Object, String> byKey = Memo.perInstance((r, key) -> "x");
    assertThatIllegalArgumentException().isThrownBy(() -> byKey.apply(report, List.of(report))).withMessageContaining("the key reaches its");
    InstanceMemo<Report, String, String> capturing = Memo.perInstance((r, key) -> report.render(key));
    assertThatIllegalArgumentException().isThrownBy(() -> capturing.apply(report, "en")).withMessageContaining("the method reaches its");
    OpenReport open = new OpenReport();
    InstanceMemo<Report, String, String> capturingOpen = Memo.perInstance((r, key) -> open.render(key));
    assertThatIllegalArgumentException().isThrownBy(() -> capturingOpen.apply(open, "en")).withMessageContaining("the method reaches its");
  }

  @Test
  void a_policy_may_warn_or_allow() {
    List<Failure> failures = new CopyOnWriteArrayList<>();
    InstanceMemo<Report, String, Object> warning = Memo.perInstance(Report::self,
        Memo.builder(Cache.builder().maximumSize(5).failureListener(failures::add)).onCycle(CyclePolicy.WARN));
    Report report = new Report();
    Object result = warning.apply(report, "en");
    assertThat(warning.apply(report, "en")).isSameAs(result);
    assertThat(failures).singleElement().satisfies(failure -> assertThat(failure.role()).isEqualTo("cycle check"));
    InstanceMemo<Report, String, Object> allowing = Memo.perInstance(Report::self, Memo.builder().onCycle(CyclePolicy.ALLOW));
    assertThat(allowing.apply(report, "en")).isSameAs(allowing.apply(report, "en"));
  }

  @Test
  void a_remembered_exception_keeps_no_object_alive() {
    BiFunction<Report, String, Object> failing = (report, language) -> {
      calls.incrementAndGet();
      return report.fail(language);
    };
    InstanceMemo<Report, String, Object> memo = Memo.perInstance(failing, Memo.builder().cacheFailures(Duration.ofHours(1)));
    Gc.awaitCleared(failOn(memo));
    assertThat(calls.get()).as("it reaches the object and so is not remembered").isEqualTo(2);
    InstanceMemo<Report, String, Object> plain = Memo.perInstance((report, language) -> {
      throw new IllegalStateException("call " + calls.incrementAndGet());
    }, Memo.builder().cacheFailures(Duration.ofHours(1)));
    Report report = new Report();
    assertThatThrownBy(() -> plain.apply(report, "en")).hasMessage("call 3");
    assertThatThrownBy(() -> plain.apply(report, "en")).hasMessage("call 3");
    Reference.reachabilityFence(memo);
  }

  private static WeakReference<Report> failOn(InstanceMemo<Report, String, Object> memo) {
    Report report = new Report();
    for (int i = 0; i < 2; i++) {
      try {
        memo.apply(report, "en");
      } catch (Rejected e) {
        assertThat(e.report).isSameAs(report);
      }
    }
    return new WeakReference<>(report);
  }

  @Test
  void objects_whose_identity_means_nothing_are_refused() {
    InstanceMemo<String, String, String> memo = Memo.perInstance(String::concat);
    assertThatIllegalArgumentException().isThrownBy(() -> memo.apply("a", "b"));
  }

  /** Uses everything and drops it, with memos in static fields. */
  public static final class EveryMemo implements Runnable {
    private static final Memo<Integer, Object> MEMO = Memo.of(key -> new EveryMemo());
    private static final Memo<Integer, Object> TIMED = Memo.of(key -> new EveryMemo(),
        Memo.builder(Cache.builder().maximumSize(5).expireAfterWrite(Duration.ofHours(1))).cacheNulls().cacheFailures(Duration.ofHours(1)));
    private static final InstanceMemo<Object, Integer, Object> INSTANCES = Memo.perInstance((instance, key) -> new EveryMemo());
    private static final Object INSTANCE = new EveryMemo();

    @Override
    public void run() {
      for (int i = 0; i < 500; i++) {
        MEMO.apply(i % 200);
        TIMED.apply(i);
        INSTANCES.apply(INSTANCE, i % 3);
        INSTANCES.apply(EveryMemo.class, i % 3);
      }
    }
  }

  @Test
  void a_class_loader_with_memos_in_static_fields_is_collected() {
    Gc.awaitCleared(ChildLoader.runAndDrop(EveryMemo.class));
  }
}
