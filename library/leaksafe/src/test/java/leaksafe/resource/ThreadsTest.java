package leaksafe.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.Leak;
import leaksafe.resource.internal.LiveThreads;
import leaksafe.testing.ApplicationLoader;
import leaksafe.testing.Gc;
import leaksafe.testing.VirtualThreads;
import org.junit.jupiter.api.Test;

/** Executors that end by themselves, threads that did not, and values that do not stay in threads. */
class ThreadsTest {
  private final ConcurrentLinkedQueue<Leak> leaks = new ConcurrentLinkedQueue<>();

  @Test
  void dropped_executors_are_shut_down_and_reported() throws Exception {
    ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
    for (int i = 0; i < 20; i++) {
      useAndDrop();
    }
    Gc.await("all reported", () -> leaks.size() == 20);
    Gc.await("all threads ended", () -> ThreadLeaks.since(before).stream().noneMatch(t -> t.name().startsWith("dropped")));
    assertThat(leaks).allSatisfy(leak -> {
      assertThat(leak.kind()).isEqualTo("executor");
      assertThat(leak.what()).isEqualTo("dropped");
      assertThat(leak.site()).startsWith("leaksafe.resource.ThreadsTest.useAndDrop(ThreadsTest.java:");
    });
  }

  private void useAndDrop() throws Exception {
    ExecutorService executor = OwnedExecutors.named("dropped").threads(2).queueCapacity(10).leakListener(leaks::add).build();
    executor.submit(() -> 1).get();
  }

  @Test
  void a_dropped_timer_with_a_repeated_task_ends() {
    ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
    scheduleAndDrop();
    Gc.await("reported", () -> leaks.size() == 1);
    Gc.await("ended", () -> ThreadLeaks.since(before).stream().noneMatch(t -> t.name().startsWith("timer")));
  }

  private void scheduleAndDrop() {
    OwnedExecutors.named("timer").queueCapacity(10).leakListener(leaks::add).buildTimer()
        .scheduleAtFixedRate(() -> { }, 0, 1, TimeUnit.MILLISECONDS);
  }

  @Test
  void a_wrapped_executor_ends_with_its_wrapper() {
    ExecutorService inner = Executors.newFixedThreadPool(1);
    Future<?> last = wrapAndDrop(inner);
    Gc.await("shut down", inner::isShutdown);
    Gc.awaitWithoutGc("what was handed over is done", last::isDone);
    assertThat(last.isCancelled()).isFalse();
  }

  private static Future<?> wrapAndDrop(ExecutorService inner) {
    return OwnedExecutors.wrap("wrapped", inner).submit(() -> { });
  }

  @Test
  void an_executor_that_was_shut_down_is_not_reported() throws Exception {
    shutDown();
    useAndDrop();
    Gc.await("the one that was dropped", () -> !leaks.isEmpty());
    assertThat(leaks).singleElement().matches(leak -> leak.what().equals("dropped"));
  }

  private void shutDown() {
    OwnedExecutors.named("a").queueCapacity(1).leakListener(leaks::add).build().shutdown();
    OwnedExecutors.named("b").queueCapacity(1).leakListener(leaks::add).buildTimer().shutdownNow();
  }

  @Test
  void a_full_queue_refuses_with_what_is_full() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Scope scope = Scope.open("s")) {
      ExecutorService executor = scope.adopt(OwnedExecutors.named("mail").queueCapacity(1).build(), Duration.ofSeconds(60));
      executor.submit(() -> go.await(60, TimeUnit.SECONDS));
      executor.execute(() -> { });
      assertThatThrownBy(() -> executor.execute(() -> { })).isInstanceOf(RejectedExecutionException.class)
          .hasMessage("mail: all 1 threads are busy and the queue is full (queueCapacity 1); slow down who submits, or give it more of either");
      ScheduledExecutorService timer = scope.adopt(OwnedExecutors.named("tick").queueCapacity(1).buildTimer(), Duration.ofSeconds(60));
      Future<?> first = timer.schedule(() -> { }, 1, TimeUnit.DAYS);
      assertThatThrownBy(() -> timer.schedule(() -> { }, 1, TimeUnit.DAYS)).isInstanceOf(RejectedExecutionException.class)
          .hasMessage("tick: the queue is full (queueCapacity 1); cancel tasks that are not needed, or give it more");
      first.cancel(false);
      timer.schedule(() -> 1, 1, TimeUnit.DAYS); // a cancelled task has left the queue
      timer.shutdown();
      assertThatThrownBy(() -> timer.schedule(() -> 1, 1, TimeUnit.DAYS)).isInstanceOf(RejectedExecutionException.class)
          .hasMessage("tick: this executor is shut down and takes no more tasks");
      go.countDown();
    }
  }

  @Test
  void an_executor_cannot_be_built_without_a_bound() {
    assertThatThrownBy(() -> OwnedExecutors.named("x").build()).isInstanceOf(IllegalStateException.class)
        .hasMessage("x: the queue of this executor could grow for ever: set queueCapacity, or say unbounded()");
    assertThatThrownBy(() -> OwnedExecutors.named("x").threads(0)).hasMessage("threads must be at least 1, but was 0");
    assertThatThrownBy(() -> OwnedExecutors.named("x").queueCapacity(-1)).hasMessage("queueCapacity must be at least 0, but was -1");
    assertThatThrownBy(() -> OwnedExecutors.named("x").queueCapacity(0).buildTimer()).isInstanceOf(IllegalStateException.class)
        .hasMessage("x: a timer needs a queueCapacity of at least 1, for all its tasks that are scheduled wait there, but it was 0");
    assertThatThrownBy(() -> OwnedExecutors.wrap("x", ForkJoinPool.commonPool())).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x: executor must be one that can be shut down, but was the common pool");
    OwnedExecutors.named("x").unbounded().daemon().build().shutdown();
  }

  @Test
  void all_methods_of_the_front_reach_the_executor() throws Exception {
    ExecutorService executor = OwnedExecutors.named("front").threads(2).queueCapacity(100).build();
    assertThat(executor.submit(() -> { }, "r").get()).isEqualTo("r");
    List<Callable<String>> tasks = List.of(() -> "done");
    assertThat(executor.invokeAny(tasks)).isEqualTo("done");
    assertThat(executor.invokeAny(tasks, 60, TimeUnit.SECONDS)).isEqualTo("done");
    assertThat(executor.invokeAll(tasks).get(0).get()).isEqualTo("done");
    assertThat(executor.invokeAll(tasks, 60, TimeUnit.SECONDS).get(0).get()).isEqualTo("done");
    assertThat(executor.toString()).startsWith("executor front, running, ");
    executor.shutdown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.toString()).isEqualTo("executor front, terminated, 0 tasks running, 0 queued");
    assertThat(executor).isNotInstanceOf(ThreadPoolExecutor.class);
  }

  @Test
  void a_thread_of_a_scope_is_named_with_the_stack_that_started_it() throws Exception {
    ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
    CountDownLatch go = new CountDownLatch(1);
    Scope scope = Scope.open("s");
    Thread thread = scope.thread("outlives", () -> waitFor(go));
    List<ThreadLeak> leaked = ThreadLeaks.since(before, Duration.ZERO).stream().filter(t -> t.name().equals("outlives")).toList();
    assertThat(leaked).singleElement().satisfies(leak -> {
      assertThat(leak.owner()).isEqualTo("scope s");
      assertThat(leak.startedBy()).contains("ThreadsTest.a_thread_of_a_scope_is_named_with_the_stack_that_started_it(ThreadsTest.java:");
      assertThat(leak.id()).isEqualTo(thread.getId());
      assertThat(leak.toString()).startsWith("thread outlives (").contains(" of scope s is still running; started by ");
    });
    go.countDown();
    thread.join();
    assertThat(ThreadLeaks.since(before)).noneMatch(t -> t.name().equals("outlives"));
    scope.close();
  }

  private static void waitFor(CountDownLatch go) {
    try {
      go.await();
    } catch (InterruptedException e) {
      // the scope ends
    }
  }

  @Test
  void a_thread_of_an_executor_is_named_with_the_stack_that_made_the_executor() throws Exception {
    ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
    ExecutorService executor = OwnedExecutors.named("mail").queueCapacity(1).build();
    executor.submit(() -> 1).get();
    assertThat(ThreadLeaks.since(before)).filteredOn(t -> t.name().equals("mail-1")).singleElement().satisfies(leak -> {
      assertThat(leak.owner()).isEqualTo("executor mail");
      assertThat(leak.startedBy()).contains("ThreadsTest.a_thread_of_an_executor_is_named_with_the_stack_that_made_the_executor(");
    });
    executor.shutdown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    Reference.reachabilityFence(executor);
  }

  @Test
  void a_thread_of_an_executor_keeps_nothing_of_who_handed_over_the_task_for_which_it_was_started() throws Exception {
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    try (Scope scope = Scope.open("s")) {
      ExecutorService executor = scope.adopt(OwnedExecutors.named("shared").queueCapacity(1).build(), Duration.ofSeconds(60));
      Gc.awaitCleared(ApplicationLoader.runAndDrop(SubmittingApplication.class, executor));
      Thread thread = executor.submit(Thread::currentThread).get();
      assertThat(thread.getName()).as("the thread that was started for the application").isEqualTo("shared-1");
      assertThat(thread.getContextClassLoader()).isSameAs(own);
    }
  }

  @Test
  void of_other_threads_is_said_what_can_be_known() throws Exception {
    ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
    assertThat(before.size()).isPositive();
    CountDownLatch go = new CountDownLatch(1);
    Thread thread = new Thread(() -> waitFor(go), "foreign");
    thread.setDaemon(true);
    thread.start();
    assertThat(ThreadLeaks.since(before)).filteredOn(t -> t.name().equals("foreign")).singleElement().satisfies(leak -> {
      assertThat(leak.owner()).isNull();
      assertThat(leak.startedBy()).startsWith("unknown (not started through leaksafe); class java.lang.Thread, group ");
      assertThat(leak.daemon()).isTrue();
    });
    go.countDown();
    thread.join();
  }

  private static void assertThatNoneIsOfTheJvm() {
    assertThat(LiveThreads.list()).noneMatch(thread -> thread.getClass().getName().contains("CarrierThread"))
        .extracting(Thread::getName).noneMatch(name -> name.contains("Poller") || name.contains("VirtualThread") || name.endsWith("elayScheduler"));
  }

  @Test
  void what_the_jvm_starts_for_timeouts_is_nobodys_leak() throws Exception {
    new CompletableFuture<String>().completeOnTimeout("late", 1, TimeUnit.MILLISECONDS).get();
    assertThatNoneIsOfTheJvm();
  }

  @Test
  void what_the_jvm_starts_for_virtual_threads_is_nobodys_leak() throws Exception {
    ExecutorService virtual = VirtualThreads.executor();
    try (ServerSocket server = new ServerSocket(0)) {
      Future<Boolean> waiting = virtual.submit(() -> {
        try (Socket client = server.accept()) {
          Thread.sleep(1);
          return client.isConnected();
        }
      });
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
        assertThat(client.isConnected()).isTrue();
      }
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
    }
    virtual.shutdown();
    assertThatNoneIsOfTheJvm();
  }

  @Test
  void threads_that_end_while_they_are_waited_for_are_not_reported() throws Exception {
    ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
    CountDownLatch go = new CountDownLatch(1);
    Thread ending = new Thread(() -> waitFor(go), "ending");
    ending.start();
    Thread waiting = Thread.currentThread();
    Thread other = new Thread(() -> {
      Gc.awaitWithoutGc("it is waited for", () -> waiting.getState() == Thread.State.TIMED_WAITING);
      go.countDown();
    }, "other");
    other.start();
    assertThat(ThreadLeaks.since(before, Duration.ofSeconds(60))).isEmpty();
    assertThat(ending.isAlive() || other.isAlive()).isFalse();
  }

  @Test
  void threads_of_all_groups_are_seen_from_each_of_them() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Thread outside = new Thread(() -> waitFor(go), "outside");
    outside.start();
    AtomicReference<List<String>> seen = new AtomicReference<>();
    Thread inside = new Thread(new ThreadGroup("inside"), () -> seen.set(LiveThreads.list().stream().map(Thread::getName).toList()));
    inside.start();
    inside.join();
    assertThat(seen.get()).contains("outside");
    go.countDown();
    outside.join();
  }

  @Test
  void waiting_for_threads_to_end_is_cut_short_by_an_interrupt() throws Exception {
    ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
    CountDownLatch go = new CountDownLatch(1);
    Thread thread = new Thread(() -> waitFor(go), "foreign");
    thread.start();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> ThreadLeaks.since(before, Duration.ofSeconds(60))).isInstanceOf(InterruptedException.class);
    assertThatThrownBy(() -> ThreadLeaks.since(before, Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("grace must be at least 0, but was PT-1S");
    go.countDown();
    thread.join();
  }

  @Test
  void a_thread_value_is_removed_or_set_back() throws Exception {
    ThreadLocal<String> local = new ThreadLocal<>();
    ThreadValues.run(local, "a", () -> {
      assertThat(local.get()).isEqualTo("a");
      assertThat(ThreadValues.<String, String>get(local, "b", local::get)).isEqualTo("b");
      assertThat(local.get()).isEqualTo("a");
    });
    assertThat(local.get()).isNull();
    assertThat(ThreadValues.<String, String>call(local, "c", local::get)).isEqualTo("c");
    assertThatThrownBy(() -> ThreadValues.run(local, "d", () -> {
      throw new IllegalStateException("x");
    })).hasMessage("x");
    assertThat(local.get()).isNull();
  }

  @Test
  void a_thread_value_is_unbound_by_its_own_thread_only() throws Exception {
    ThreadLocal<String> local = new ThreadLocal<>();
    ThreadValues.Binding binding = ThreadValues.bind(local, "a");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread other = new Thread(() -> {
      try {
        binding.close();
      } catch (Throwable e) {
        thrown.set(e);
      }
    }, "other");
    other.start();
    other.join();
    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class)
        .hasMessage("a thread-local value must be unbound by the thread that bound it, " + Thread.currentThread().getName()
            + ", but this was thread other");
    binding.close();
    binding.close();
    assertThat(local.get()).isNull();
  }

  @Test
  void a_missing_snapshot_is_refused_by_name() {
    assertThatThrownBy(() -> ThreadLeaks.since(null)).isInstanceOf(NullPointerException.class).hasMessage("snapshot");
    assertThatThrownBy(() -> ThreadLeaks.since(null, Duration.ZERO)).isInstanceOf(NullPointerException.class).hasMessage("snapshot");
  }
}
