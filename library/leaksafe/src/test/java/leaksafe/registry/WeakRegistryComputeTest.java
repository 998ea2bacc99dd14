package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values that are made by a function when they are asked for. */
class WeakRegistryComputeTest {
  private final WeakRegistry<Object, Object> registry = KeyKind.builder().name("tested").build();

  @ParameterizedTest
  @EnumSource
  void the_function_runs_once_for_all_who_want_the_value_at_once(KeyKind kind) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 50; round++) {
        Object key = kind.key();
        AtomicInteger runs = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(8);
        List<Callable<Object>> tasks = Collections.nCopies(8, () -> {
          start.await();
          return registry.computeIfAbsent(key, k -> {
            runs.incrementAndGet();
            Thread.yield();
            return new Object();
          });
        });
        Set<Object> results = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Future<Object> result : threads.invokeAll(tasks)) {
          results.add(result.get());
        }
        assertThat(runs).hasValue(1);
        assertThat(results).hasSize(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_running_function_holds_up_nobody_who_wants_another_key() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Object> slow = thread.submit(() -> registry.computeIfAbsent(new KeyKind.Plain(), k -> {
        running.countDown();
        awaitUninterruptibly(end);
        return "slow";
      }));
      running.await();
      for (int i = 0; i < 200; i++) {
        assertThat(registry.computeIfAbsent(new KeyKind.Plain(), k -> "quick")).isEqualTo("quick");
      }
      end.countDown();
      assertThat(slow.get()).isEqualTo("slow");
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void a_function_may_use_the_registry_for_other_keys() {
    Object outer = new KeyKind.Plain();
    Object inner = new KeyKind.Plain();
    assertThat(registry.computeIfAbsent(outer, k -> registry.computeIfAbsent(inner, i -> "inner") + " in outer")).isEqualTo("inner in outer");
    assertThat(registry.get(inner)).isEqualTo("inner");
  }

  @Test
  void a_function_that_asks_for_its_own_value_is_told_so() {
    Object key = new KeyKind.Plain();
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> registry.computeIfAbsent(key, again -> "never")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("tested: the function for a leaksafe.registry.KeyKind$Plain asks for the value that it is to make, "
            + "and would wait for ever: compute one from the other");
    assertThat(registry.computeIfAbsent(key, k -> "fine")).isEqualTo("fine");
  }

  @Test
  void functions_that_wait_for_each_other_across_threads_are_told_so() throws Exception {
    Object first = new KeyKind.Plain();
    Object second = new KeyKind.Own();
    CyclicBarrier bothRun = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Object> one = threads.submit(() -> registry.computeIfAbsent(first, k -> inTurn(bothRun, second)));
      Future<Object> two = threads.submit(() -> registry.computeIfAbsent(second, k -> inTurn(bothRun, first)));
      List<Throwable> failures = new ArrayList<>();
      for (Future<Object> result : List.of(one, two)) {
        try {
          result.get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
          failures.add(e.getCause());
        }
      }
      assertThat(failures).isNotEmpty().allSatisfy(e -> assertThat(e).hasMessageContaining("by way of thread pool-"));
    } finally {
      threads.shutdownNow();
    }
  }

  private Object inTurn(CyclicBarrier barrier, Object other) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      return "the other gave up"; // the second attempt of the thread that waited: nobody is there to meet
    }
    return registry.computeIfAbsent(other, k -> "made within");
  }

  @Test
  void a_function_that_throws_leaves_nothing_behind() {
    Object key = new KeyKind.Plain();
    IllegalStateException failure = new IllegalStateException("on purpose");
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> {
      throw failure;
    })).isSameAs(failure);
    assertThat(registry.get(key)).isNull();
    assertThat(registry.computeIfAbsent(key, k -> "later")).isEqualTo("later");
  }

  @Test
  void a_function_must_return_a_value() {
    Object key = new KeyKind.Plain();
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> null)).isInstanceOf(NullPointerException.class)
        .hasMessage("tested: the function returned null for a leaksafe.registry.KeyKind$Plain, must return a value");
    assertThat(registry.estimatedSize()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void a_value_that_was_made_while_the_registry_was_closed_is_refused(KeyKind kind) {
    Object key = kind.key();
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> {
      registry.close();
      return "late";
    })).isInstanceOf(IllegalStateException.class).hasMessageStartingWith("tested is closed and takes nothing in any more: ");
    assertThat(registry.get(key)).isNull();
    assertThat(registry.estimatedSize()).isZero();
    assertThatThrownBy(() -> registry.computeIfAbsent(key, k -> {
      throw new AssertionError("called though the registry is closed");
    })).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_value_that_was_put_in_meanwhile_stays() {
    Object key = new KeyKind.Plain();
    assertThat(registry.computeIfAbsent(key, k -> {
      registry.put(key, "put");
      return "computed";
    })).isEqualTo("put");
    assertThat(registry.get(key)).isEqualTo("put");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
