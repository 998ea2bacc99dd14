package leaksafe.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** How {@link LeakFree} runs what it is on, and what it says when it is misused. */
class LeakFreeTest {
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static String life = ""; // one object, whatever happens

  @Test
  void these_tests_run_under_the_junit_that_is_meant() {
    String expected = System.getProperty("leaksafe.expectedJUnit", "5");
    assertThat(Test.class.getPackage().getImplementationVersion()).startsWith(expected + ".");
  }

  static class WithLifeCycle {
    @BeforeAll
    static void before_all() {
      life += "beforeAll" + " ";
    }

    @BeforeEach
    void before() {
      life += "before" + CALLS.get() + " ";
    }

    @AfterEach
    void after() {
      life += "after" + " ";
    }

    @AfterAll
    static void after_all() {
      life += "afterAll" + " ";
    }

    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void test() {
      CALLS.incrementAndGet();
    }
  }

  @Test
  void each_round_has_the_whole_life_cycle() {
    CALLS.set(0);
    life = "";
    assertThat(Planted.failures(WithLifeCycle.class)).isEmpty();
    // More than these if something of the JVM's own seemed to grow and had to be looked at again.
    assertThat(CALLS.get()).isGreaterThanOrEqualTo(1 + 1 + 2);
    assertThat(life).startsWith("beforeAll before0 after beforeAll before1 after afterAll beforeAll before2 after afterAll beforeAll before3 after afterAll ")
        .endsWith("after afterAll afterAll ");
  }

  static class WithArguments {
    static final Set<String> SEEN = new ConcurrentSkipListSet<>();
    static final List<Object> LEAK = new ArrayList<>();

    static final class Left {}

    @ParameterizedTest
    @ValueSource(strings = {"leak", "none"})
    @LeakFree(warmUps = 1, rounds = 2)
    void test(String argument) {
      SEEN.add(argument);
      if (argument.equals("leak")) {
        LEAK.add(new Left());
      }
    }
  }

  @Test
  void each_invocation_of_a_parameterized_test_is_examined_alone() {
    assertThat(Planted.failures(WithArguments.class)).singleElement().asString().contains("WithArguments$Left");
    assertThat(WithArguments.SEEN).containsExactly("leak", "none");
  }

  @LeakFree(warmUps = 1, rounds = 2)
  static class OnAClass {
    static final List<Object> LEAK = new ArrayList<>();

    static final class Left {}

    @AfterAll
    static void leak() {
      LEAK.add(new Left());
    }

    @Test
    void first() {
      CALLS.incrementAndGet();
    }

    @Nested
    class Inside {
      @Test
      void second() {
        CALLS.incrementAndGet();
      }
    }
  }

  @Test
  void a_class_is_examined_as_a_whole_with_what_it_does_after_all_tests() {
    CALLS.set(0);
    assertThat(Planted.failures(OnAClass.class)).singleElement().asString().startsWith("OnAClass leaves something behind").contains("OnAClass.LEAK");
    assertThat(CALLS.get()).isEqualTo(2 * (1 + 1 + 2 + 2));
  }

  @LeakFree
  static class Failing {
    @Test
    @LeakFree
    void test() {
      CALLS.incrementAndGet();
      throw new IllegalStateException("as it would without the annotation");
    }
  }

  @Test
  void a_test_that_fails_is_not_examined() {
    CALLS.set(0);
    assertThat(Planted.failures(Failing.class)).containsExactly("java.lang.IllegalStateException: as it would without the annotation");
    assertThat(CALLS).hasValue(1);
  }

  static class OnlyOnce {
    @Test
    @LeakFree
    void test() {
      assertThat(CALLS.incrementAndGet()).isEqualTo(1);
    }
  }

  @Test
  void a_test_that_passes_only_once_fails_and_says_why() {
    CALLS.set(0);
    assertThat(Planted.failures(OnlyOnce.class)).containsExactly(
        "@LeakFree: the test passed once and failed when it was run again, in warm-up round 1: what the first run left behind is in its way");
  }

  static class Misused {
    @Test
    @LeakFree(rounds = 1)
    void one_round() {}

    @Test
    @LeakFree(warmUps = 0)
    void no_warm_up() {}

    @Test
    @LeakFree(retainedBytes = -2)
    void less_than_nothing() {}

    @Test
    @LeakFree(ignoredClasses = " ")
    void all_ignored() {}

    @Test
    @LeakFree(ignoredClasses = {"com.acme.metrics.", "com.acme.*"})
    void a_pattern() {}
  }

  @Test
  void wrong_use_is_refused_with_the_rule() {
    String refusal = "org.junit.jupiter.api.extension.ExtensionConfigurationException: @LeakFree on Misused.";
    assertThat(Planted.failures(Misused.class)).containsExactlyInAnyOrder(
        refusal + "one_round: rounds must be at least 2, but was 1",
        refusal + "no_warm_up: warmUps must be at least 1, but was 0",
        refusal + "less_than_nothing: retainedBytes must be at least -1, but was -2",
        refusal + "all_ignored: ignoredClasses must not hold a blank name: it would ignore all classes",
        refusal + "a_pattern: ignoredClasses must hold beginnings of class names, such as \"com.acme.metrics.\" or \"com.acme.Order$Line\", "
            + "but had \"com.acme.*\"");
  }

  static class Budgeted {
    static final List<byte[]> KEPT = new ArrayList<>();

    @Test
    @LeakFree(warmUps = 1, rounds = 2, retainedBytes = 2_000_000)
    void within() {
      KEPT.add(new byte[100_000]);
    }

    @Test
    @LeakFree(warmUps = 1, rounds = 2, retainedBytes = 2_000_000)
    void beyond() {
      KEPT.add(new byte[2_000_000]);
    }
  }

  @Test
  void a_budget_allows_so_many_bytes() {
    assertThat(Planted.failures(Budgeted.class)).singleElement().asString().startsWith("Budgeted.beyond")
        .containsPattern("4\\d{6} bytes more are retained, retainedBytes allows 2000000").contains("Budgeted.KEPT");
    Budgeted.KEPT.clear();
  }

  static class Ignored {
    static final List<Object> KEPT = new ArrayList<>();

    static final class Metric {}

    @Test
    @LeakFree(warmUps = 1, rounds = 2, ignoredClasses = "leaksafe.junit.LeakFreeTest$Ignored")
    void test() {
      KEPT.add(new Metric());
    }
  }

  @Test
  void ignored_classes_may_grow() {
    assertThat(Planted.failures(Ignored.class)).isEmpty();
  }

  private static final AtomicInteger RUNNING_BESIDE = new AtomicInteger();
  private static final Set<String> OVERLAPS = ConcurrentHashMap.newKeySet();

  @Execution(ExecutionMode.CONCURRENT)
  static class Beside {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void test(int number) throws InterruptedException {
      RUNNING_BESIDE.incrementAndGet();
      Thread.sleep(10);
      RUNNING_BESIDE.decrementAndGet();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class Alone {
    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void test() throws InterruptedException {
      for (int i = 0; i < 10; i++) {
        if (RUNNING_BESIDE.get() > 0) {
          OVERLAPS.add("another test runs");
        }
        Thread.sleep(2);
      }
    }
  }

  @Test
  void it_runs_alone_where_tests_run_in_parallel() {
    Events events = EngineTestKit.engine("junit-jupiter").selectors(selectClass(Beside.class), selectClass(Alone.class))
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
        .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
        .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
        .execute().testEvents();
    assertThat(Planted.failures(events)).isEmpty();
    assertThat(events.succeeded().count()).isEqualTo(9);
    assertThat(OVERLAPS).isEmpty();
  }
}
