package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import leaksafe.FailureListener;
import leaksafe.internal.CallSite;
import leaksafe.resource.Scope;
import leaksafe.resource.ScopeCloseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that are interrupted before they close, and scopes that are used by what they close. */
class ScopeInterruptTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<String> closed = new ArrayList<>();

  private static ScopeState scope(String name) {
    return new ScopeState(name, new CallSite.Place("site", "loader"), "bound", FailureListener.logging());
  }

  @AfterEach
  void noInterruptIsLeft() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void a_child_that_another_thread_has_just_closed_is_closed_also_for_a_thread_that_is_interrupted() {
    ScopeState parent = scope("parent");
    ScopeState child = Scopes.child(parent, "child");
    Entry taken = parent.removeFor(child); // as the closing of the parent does
    child.close(); // and now another thread is faster
    Thread.currentThread().interrupt();
    parent.closeNow(taken);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void a_child_that_another_thread_has_just_closed_is_closed_also_after_an_interrupt_in_the_midst_of_closing() {
    ScopeState parent = scope("parent");
    ScopeState child = Scopes.child(parent, "child");
    Entry taken = parent.removeFor(child);
    child.close();
    InterruptedException interrupt = new InterruptedException("in its wait");
    parent.add(Entries.action(() -> parent.closeNow(taken), false));
    parent.add(Entries.action(() -> {
      throw interrupt;
    }, false));
    assertThat(parent.closeKeepingFailures()).containsExactly(interrupt);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void an_interrupted_thread_that_need_not_wait_for_the_end_of_a_scope_is_told_of_it() throws Exception {
    Scope scope = Scope.open("s");
    List<Boolean> told = new ArrayList<>();
    Thread.currentThread().interrupt();
    assertThat(scope.awaitClosed(Duration.ZERO)).isFalse();
    scope.defer(() -> told.add(scope.awaitClosed(LONG))); // on the thread that is closing
    scope.close();
    assertThat(told).containsExactly(false);
    assertThat(scope.awaitClosed(LONG)).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  /** Nothing was given to it, and it never ends. */
  private static final class Endless extends AbstractExecutorService {
    final List<Long> waits = new ArrayList<>();
    private boolean shutDown;

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      waits.add(unit.toSeconds(timeout));
      return false;
    }

    @Override
    public void execute(Runnable task) {
      throw new AssertionError("nobody gives it a task");
    }

    @Override
    public void shutdown() {
      shutDown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shutDown;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }
  }

  @Test
  void what_a_closer_gives_to_its_scope_or_closes_early_is_not_waited_for_after_an_interrupt() {
    Endless late = new Endless();
    Endless early = new Endless();
    Endless ofChild = new Endless();
    Scope scope = Scope.open("s");
    scope.defer(() -> closed.add("first, interrupted: " + Thread.currentThread().isInterrupted()));
    scope.adopt(early, LONG);
    Scope child = scope.child("child");
    child.defer(() -> {
      assertThatThrownBy(() -> scope.adopt(ofChild, LONG)).isInstanceOf(IllegalStateException.class);
    });
    scope.defer(() -> {
      assertThatThrownBy(() -> scope.adopt(late, LONG)).isInstanceOf(IllegalStateException.class)
          .satisfies(e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(TimeoutException.class)
              .satisfies(timeout -> assertThat(timeout).hasMessageContaining("before this thread was interrupted while it waited")));
      assertThatThrownBy(() -> scope.closeNow(early)).isInstanceOf(ScopeCloseException.class).hasCauseInstanceOf(TimeoutException.class);
    });
    scope.defer(() -> {
      throw new InterruptedException("in its wait");
    });
    assertThatThrownBy(scope::close).isInstanceOf(ScopeCloseException.class).hasCauseInstanceOf(InterruptedException.class)
        .hasNoSuppressedExceptions();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(closed).containsExactly("first, interrupted: false");
    assertThat(List.of(late, early, ofChild)).allSatisfy(executor -> {
      assertThat(executor.isShutdown()).isTrue();
      assertThat(executor.waits).isEmpty();
    });
  }

  @Test
  void an_interrupt_in_what_a_closer_gives_to_its_scope_cuts_the_waits_of_the_scope_short() {
    Endless below = new Endless();
    Scope scope = Scope.open("s");
    scope.adopt(below, LONG);
    scope.defer(() -> closed.add("second, interrupted: " + Thread.currentThread().isInterrupted()));
    scope.defer(() -> {
      assertThatThrownBy(() -> scope.own(() -> {
        throw new InterruptedException("in its wait");
      })).isInstanceOf(IllegalStateException.class);
    });
    assertThatThrownBy(scope::close).hasCauseInstanceOf(TimeoutException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(closed).containsExactly("second, interrupted: false");
    assertThat(below.waits).isEmpty();
  }

  @Test
  void a_parent_waits_for_a_child_that_another_thread_is_closing_for_so_long_and_says_so() throws Exception {
    ScopeState child = scope("child");
    ScopeState parent = scope("parent");
    parent.add(Entries.action(() -> closed.add("below"), false));
    parent.add(ChildEntry.of(child, TimeUnit.MILLISECONDS.toNanos(2)));
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    child.add(Entries.action(() -> {
      closing.countDown();
      go.await();
    }, false));
    Thread other = new Thread(child::close);
    other.start();
    closing.await();
    assertThat(catchThrowable(parent::close)).isInstanceOf(ScopeCloseException.class).cause().isInstanceOf(TimeoutException.class)
        .hasMessage("parent: its child child is still being closed by another thread after 2 ms");
    assertThat(closed).containsExactly("below");
    go.countDown();
    other.join();
  }
}
