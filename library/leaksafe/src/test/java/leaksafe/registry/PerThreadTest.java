package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import leaksafe.Failure;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PerThreadTest {
  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final Queue<Object> closed = new ConcurrentLinkedQueue<>();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final PerThread<Object> buffers =
      PerThread.builder(Object::new).name("buffers").closer(closed::add).failureListener(failures::add).build();

  @AfterEach
  void stopThePool() {
    pool.shutdownNow();
  }

  @Test
  void each_thread_has_a_value_of_its_own() throws Exception {
    Object mine = buffers.get();
    assertThat(buffers.get()).isSameAs(mine);
    Object other = pool.submit(buffers::get).get();
    assertThat(other).isNotSameAs(mine);
    assertThat(buffers.estimatedSize()).isEqualTo(2);
  }

  @Test
  void the_values_can_be_visited() throws Exception {
    Object mine = buffers.get();
    pool.submit(buffers::get).get();
    Map<Thread, Object> seen = new HashMap<>();
    buffers.forEach(seen::put);
    assertThat(seen).hasSize(2).containsEntry(Thread.currentThread(), mine);
  }

  @Test
  void a_removed_value_is_closed_and_made_anew() {
    Object first = buffers.get();
    buffers.remove();
    buffers.remove();
    assertThat(closed).containsExactly(first);
    assertThat(buffers.get()).isNotSameAs(first);
  }

  @Test
  void close_closes_the_values_of_all_threads() throws Exception {
    Object mine = buffers.get();
    Object other = pool.submit(buffers::get).get();
    buffers.close();
    buffers.close();
    assertThat(closed).containsExactlyInAnyOrder(mine, other);
    assertThatThrownBy(buffers::get).isInstanceOf(IllegalStateException.class).hasMessageStartingWith("buffers is closed and takes nothing in any more: ");
  }

  @Test
  void a_value_that_is_made_while_it_is_closed_is_closed_too() {
    List<PerThread<Object>> self = new ArrayList<>();
    Object made = new Object();
    PerThread<Object> closing = PerThread.<Object>builder(() -> {
      self.get(0).close();
      return made;
    }).name("closing").closer(closed::add).build();
    self.add(closing);
    assertThatThrownBy(closing::get).isInstanceOf(IllegalStateException.class).hasMessageStartingWith("closing is closed and takes nothing in any more: ");
    assertThat(closed).containsExactly(made);
  }

  @Test
  void the_value_of_an_ended_thread_is_closed_though_nobody_calls() throws Exception {
    Thread thread = new Thread(buffers::get);
    thread.start();
    thread.join();
    Gc.awaitWithoutGc("closed", () -> closed.size() == 1);
    assertThat(buffers.estimatedSize()).isZero();
    Reference.reachabilityFence(thread);
  }

  @Test
  void the_value_of_an_ended_thread_is_let_go_even_if_it_refers_to_the_thread() throws Exception {
    PerThread<List<Thread>> owners = PerThread.<List<Thread>>builder(() -> List.of(Thread.currentThread())).build();
    WeakReference<Thread> ended = runAndDrop(owners);
    Gc.awaitCleared(ended);
    assertThat(owners.estimatedSize()).isZero();
  }

  private static WeakReference<Thread> runAndDrop(PerThread<?> perThread) throws InterruptedException {
    Thread thread = new Thread(perThread::get);
    thread.start();
    thread.join();
    return new WeakReference<>(thread);
  }

  @Test
  void the_values_die_with_it_though_the_threads_live() throws Exception {
    List<WeakReference<Object>> dropped = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      fillAndDrop(dropped);
    }
    Gc.awaitCleared(dropped);
    assertThat(pool.isShutdown()).isFalse();
  }

  private void fillAndDrop(List<WeakReference<Object>> dropped) throws Exception {
    List<PerThread<Object>> self = new ArrayList<>();
    PerThread<Object> perThread = PerThread.<Object>builder(() -> List.of(self, Thread.currentThread())).build();
    self.add(perThread); // so that the value refers to what it belongs to
    CountDownLatch both = new CountDownLatch(2);
    for (int t = 0; t < 2; t++) {
      pool.submit(() -> {
        perThread.get();
        both.countDown();
        both.await();
        return null;
      });
    }
    both.await();
    dropped.add(new WeakReference<>(perThread));
    dropped.add(new WeakReference<>(perThread.get()));
  }

  @Test
  void many_short_threads_leave_nothing() throws Exception {
    AtomicInteger made = new AtomicInteger();
    PerThread<Integer> numbers = PerThread.builder(made::incrementAndGet).closer(closed::add).build();
    for (int i = 0; i < 200; i++) {
      Thread thread = new Thread(numbers::get);
      thread.start();
      thread.join();
    }
    Gc.awaitWithoutGc("all closed", () -> closed.size() == 200);
    assertThat(made).hasValue(200);
    assertThat(numbers.estimatedSize()).isZero();
  }

  /** On a JDK without virtual threads, with platform threads. */
  @Test
  void virtual_threads_have_values_too_and_leave_nothing() throws Exception {
    Function<Runnable, Thread> start = starter();
    List<Thread> threads = new ArrayList<>();
    Queue<Object> values = new ConcurrentLinkedQueue<>();
    CountDownLatch allIn = new CountDownLatch(500);
    for (int i = 0; i < 500; i++) {
      threads.add(start.apply(() -> {
        values.add(buffers.get());
        allIn.countDown();
        awaitUninterruptibly(allIn);
        values.add(buffers.get());
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(values).hasSize(1_000);
    Gc.awaitWithoutGc("all closed", () -> closed.size() == 500);
    assertThat(new HashSet<>(values)).hasSize(500).isEqualTo(new HashSet<>(closed));
    assertThat(buffers.estimatedSize()).isZero();
  }

  private static Function<Runnable, Thread> starter() {
    try {
      Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
      return task -> {
        try {
          return (Thread) start.invoke(null, task);
        } catch (ReflectiveOperationException e) {
          throw new AssertionError(e);
        }
      };
    } catch (NoSuchMethodException e) {
      return task -> {
        Thread thread = new Thread(task);
        thread.start();
        return thread;
      };
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_closer_that_throws_is_reported_and_stops_nothing() throws Exception {
    PerThread<Object> bad = PerThread.builder(Object::new).name("bad").failureListener(failures::add).closer(value -> {
      closed.add(value);
      throw new IllegalStateException("on purpose");
    }).build();
    bad.get();
    pool.submit(bad::get).get();
    bad.close();
    assertThat(closed).hasSize(2);
    assertThat(failures).hasSize(2).allSatisfy(failure -> {
      assertThat(failure.container()).isEqualTo("bad");
      assertThat(failure.role()).isEqualTo("closer");
      assertThat(failure.cause()).hasMessage("on purpose");
    });
  }

  @Test
  void a_supplier_must_return_a_value_and_must_not_ask_for_it() {
    PerThread<Object> nothing = PerThread.<Object>builder(() -> null).name("nothing").build();
    assertThatThrownBy(nothing::get).isInstanceOf(NullPointerException.class)
        .hasMessage("nothing: the supplier returned null, must return a value");
    List<PerThread<Object>> self = new ArrayList<>();
    PerThread<Object> recursive = PerThread.<Object>builder(() -> self.get(0).get()).name("recursive").build();
    self.add(recursive);
    assertThatThrownBy(recursive::get).isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("recursive: the function for a java.lang.Thread asks for the value that it is to make");
    assertThat(recursive.estimatedSize()).isZero();
  }

  @Test
  void null_is_refused_by_name() {
    assertThatThrownBy(() -> PerThread.builder(null)).isInstanceOf(NullPointerException.class).hasMessage("initial");
    assertThatThrownBy(() -> PerThread.builder(Object::new).name(null)).hasMessage("name");
    assertThatThrownBy(() -> PerThread.builder(Object::new).closer(null)).hasMessage("closer");
    assertThatThrownBy(() -> PerThread.builder(Object::new).failureListener(null)).hasMessage("listener");
    assertThatThrownBy(() -> buffers.forEach(null)).hasMessage("action");
  }
}
