package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import leaksafe.Container;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

class DetachedThreadTest {

  @Test
  void the_thread_is_a_daemon_and_inherits_nothing() {
    InheritableThreadLocal<Object> inheritable = new InheritableThreadLocal<>();
    inheritable.set("must not be inherited");
    AtomicReference<Thread> thread = new AtomicReference<>();
    AtomicReference<Object> inherited = new AtomicReference<>();
    AtomicInteger rounds = new AtomicInteger();
    Function<Reference<?>, Long> work = first -> {
      inherited.set(inheritable.get());
      thread.set(Thread.currentThread());
      return rounds.incrementAndGet() < 3 ? 1L : null;
    };
    DetachedThread.start("detached-test", work, new ReferenceQueue<>());
    Gc.awaitWithoutGc("three rounds and the end", () -> rounds.get() == 3 && !thread.get().isAlive());
    Reference.reachabilityFence(work);
    assertThat(thread.get().isDaemon()).isTrue();
    assertThat(thread.get().getName()).isEqualTo("detached-test");
    assertThat(inherited.get()).isNull();
  }

  @Test
  void an_interruption_ends_the_wait_and_nothing_else() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    AtomicInteger rounds = new AtomicInteger();
    Function<Reference<?>, Long> work = first -> {
      thread.set(Thread.currentThread());
      return rounds.incrementAndGet() < 4 ? 60_000L : null;
    };
    DetachedThread.start("detached-test", work, new ReferenceQueue<>());
    for (int round = 1; round < 4; round++) {
      int now = round;
      Gc.awaitWithoutGc("round " + round, () -> rounds.get() == now);
      thread.get().interrupt();
    }
    Gc.awaitWithoutGc("the end", () -> rounds.get() == 4 && !thread.get().isAlive());
    Reference.reachabilityFence(work);
  }

  @Test
  void a_thread_whose_work_was_dropped_ends() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    startAndDrop(thread);
    Gc.await("the end", () -> !thread.get().isAlive());
  }

  /** Holds the work for one round: a collection before it would end the thread before the work could say which thread it is. */
  private static void startAndDrop(AtomicReference<Thread> thread) {
    Function<Reference<?>, Long> work = first -> {
      thread.set(Thread.currentThread());
      return 5L;
    };
    DetachedThread.start("detached-test", work, new ReferenceQueue<>());
    Gc.awaitWithoutGc("the first round", () -> thread.get() != null);
    Reference.reachabilityFence(work);
  }

  /** What a web application does: it keeps a client and a container in static fields and never closes them. */
  public static final class Deployed implements Runnable, Reaper.Client, Container {
    static final Deployed FOR_EVER = new Deployed();
    static int calls;

    @Override
    public void run() {
      Reaper.register(FOR_EVER, true);
      Containers.announce(FOR_EVER);
      Gc.awaitWithoutGc("called", () -> calls > 2);
      if (Containers.list().isEmpty() || CallSite.capture(3).isEmpty()) {
        throw new AssertionError("the library does not work in a child loader");
      }
    }

    @Override
    public long work(long nanoTime) {
      calls++;
      return 1;
    }

    @Override
    public String name() {
      return "deployed";
    }

    @Override
    public String kind() {
      return "test";
    }

    @Override
    public String creationSite() {
      return "here";
    }

    @Override
    public long estimatedSize() {
      return 0;
    }

    @Override
    public String bound() {
      return "none";
    }

    @Override
    public Map<String, Number> figures() {
      return Map.of();
    }
  }

  @Test
  void a_class_loader_with_its_own_library_and_a_static_client_is_collected() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Deployed.class));
  }

  /** A container that asks nothing of the thread but to reap: between two rounds the thread waits for seconds. */
  public static final class Idle implements Runnable, Reaper.Client {
    static final Idle FOR_EVER = new Idle();
    static volatile boolean called;

    @Override
    public void run() {
      Reaper.register(FOR_EVER, false);
      Gc.awaitWithoutGc("called", () -> called);
    }

    @Override
    public long work(long nanoTime) {
      called = true;
      return Long.MAX_VALUE;
    }
  }

  @Test
  void a_class_loader_with_a_static_client_that_never_works_is_collected_too() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Idle.class));
  }
}
