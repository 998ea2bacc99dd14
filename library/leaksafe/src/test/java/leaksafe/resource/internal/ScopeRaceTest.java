package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.FailureListener;
import leaksafe.internal.CallSite;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a scope while another thread is in the midst of something else with it: the moments are held open by entries of ours. */
class ScopeRaceTest {
  private static final Object OWNER = new Object();
  private static final int ROUNDS = 5000;

  private static ScopeState scope(String name) {
    return new ScopeState(name, new CallSite.Place("site", "loader"), "bound", FailureListener.logging());
  }

  /** Waits until the other thread waits for a lock, or has done what it was about to do. */
  private static void letGo(Thread thread) {
    Gc.awaitWithoutGc("it waits or is done", () -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TERMINATED);
  }

  /** Owned by nobody in particular; counts its closings. */
  private static class Counted extends Entry {
    final AtomicInteger closings = new AtomicInteger();

    @Override
    void close(Closing closing) {
      closings.incrementAndGet();
    }
  }

  @Test
  void a_scope_that_is_closed_just_before_it_is_watched_is_not_missed() {
    ScopeState scope = scope("s");
    Object front = new Object();
    TrackedReference watch = new Hosts.Kind("scopes of a test", "scope").ours().track(front, "s", "site", null, null);
    scope.close();
    assertThat(watch.isOpen()).isTrue();
    scope.setTracked(watch);
    assertThat(watch.isOpen()).isFalse();
    Reference.reachabilityFence(front);
  }

  @Test
  void what_is_taken_out_in_the_midst_of_closing_is_closed_once() throws Exception {
    ScopeState scope = scope("s");
    Thread closer = new Thread(scope::close);
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch found = new CountDownLatch(1);
    AtomicInteger closedAbove = new AtomicInteger();
    Counted entry = new Counted() {
      @Override
      Object subject() { // under the lock of the scope
        found.countDown();
        Gc.awaitWithoutGc("the closer is past the one above", () -> closedAbove.get() == 1);
        letGo(closer);
        return OWNER;
      }
    };
    scope.add(entry);
    scope.add(Entries.action(() -> {
      closing.countDown();
      found.await();
      closedAbove.incrementAndGet();
    }, false));
    closer.start();
    closing.await();
    Entry taken = scope.removeFor(OWNER);
    assertThat(taken).isSameAs(entry);
    scope.closeNow(taken);
    closer.join();
    assertThat(entry.closings).hasValue(1);
    assertThat(scope.size()).isZero();
  }

  @Test
  void what_cannot_begin_is_not_owned_and_not_closed() {
    ScopeState scope = scope("s");
    Counted below = new Counted();
    scope.add(below);
    Counted failing = new Counted() {
      @Override
      void begin() {
        throw new OutOfMemoryError("no thread, on purpose");
      }
    };
    assertThatThrownBy(() -> scope.add(failing)).hasMessage("no thread, on purpose");
    assertThat(scope.size()).isEqualTo(1);
    scope.close();
    assertThat(failing.closings).hasValue(0);
    assertThat(below.closings).hasValue(1);
  }

  /** While this is searched for an owner, another thread does something. */
  private static final class Searched extends Counted {
    private final Runnable meanwhile;
    private final List<Object> held;
    private boolean done;

    Searched(Runnable meanwhile, Object... held) {
      this.meanwhile = meanwhile;
      this.held = List.of(held);
    }

    @Override
    List<Object> held() {
      if (!done) {
        done = true;
        CompletableFuture.runAsync(meanwhile).join();
      }
      return held;
    }
  }

  private static ScopeState of(Object owner) {
    ScopeState scope = scope("of an owner");
    scope.setOwnerCheck(from -> from == owner ? "the owner itself" : null);
    return scope;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void what_is_added_at_any_depth_while_a_scope_is_handed_over_to_that_of_an_owner_is_searched_too(int depth) {
    ScopeState from = scope("from");
    ScopeState to = of(OWNER);
    ScopeState[] inside = {from};
    AtomicInteger closings = new AtomicInteger();
    Searched searched = new Searched(() -> inside[0].add(Entries.owned(OWNER, owner -> closings.incrementAndGet())));
    from.add(searched);
    for (int i = 0; i < depth; i++) {
      inside[0] = Scopes.child(inside[0], "child"); // above, so that it is looked at before
    }
    assertThatThrownBy(() -> from.moveAllTo(to)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("of an owner: what is handed over to this scope would keep the scope's owner alive (the owner itself); nothing was handed over");
    assertThat(from.size()).isEqualTo(2);
    assertThat(to.size()).isZero();
    from.close();
    assertThat(closings).hasValue(1);
    assertThat(searched.closings).hasValue(1);
  }

  @Test
  void what_is_added_to_a_scope_that_moves_meanwhile_is_searched_for_the_new_owner() {
    ScopeState one = of("another owner");
    ScopeState two = of(OWNER);
    ScopeState child = Scopes.child(Scopes.child(one, "child"), "grandchild");
    Searched searched = new Searched(() -> one.moveAllTo(two), OWNER);
    assertThatThrownBy(() -> child.add(searched)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("grandchild: what is given to this scope would keep the scope's owner alive (the owner itself)");
    assertThat(searched.closings).hasValue(1);
    assertThat(child.size()).isZero();
    assertThat(one.size()).isZero();
    two.close();
    assertThat(child.isClosed()).isTrue();
  }

  @Test
  void a_target_that_gets_an_owner_meanwhile_is_a_target_with_an_owner() {
    ScopeState outer = scope("outer");
    ScopeState bound = of(OWNER);
    ScopeState one = of("another owner");
    ScopeState target = Scopes.child(outer, "target");
    outer.moveAllTo(one);
    ScopeState from = scope("from");
    from.add(new Searched(() -> one.moveAllTo(bound), OWNER));
    assertThatThrownBy(() -> from.moveAllTo(target)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("target: what is handed");
    assertThat(target.size()).isZero();
    bound.close();
    assertThat(target.isClosed()).isTrue();
    from.close();
  }

  /** Has two threads begin each round together. */
  private static final class Start {
    private final AtomicInteger arrived = new AtomicInteger();

    void await(int round) {
      arrived.incrementAndGet();
      while (arrived.get() < 2 * (round + 1)) {
        Thread.onSpinWait();
      }
    }
  }

  private static boolean handsOver(ScopeState from, ScopeState to) {
    try {
      from.moveAllTo(to);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  void two_scopes_that_are_handed_over_to_children_of_each_other_do_not_end_up_inside_of_each_other() throws Exception {
    ScopeState[] parents = new ScopeState[2 * ROUNDS];
    ScopeState[] children = new ScopeState[2 * ROUNDS];
    boolean[] moved = new boolean[2 * ROUNDS];
    for (int i = 0; i < parents.length; i++) {
      parents[i] = scope("parent");
      children[i] = Scopes.child(parents[i], "child");
    }
    Start start = new Start();
    Thread other = new Thread(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        start.await(i);
        moved[2 * i] = handsOver(parents[2 * i], children[2 * i + 1]);
      }
    });
    other.start();
    for (int i = 0; i < ROUNDS; i++) {
      start.await(i);
      moved[2 * i + 1] = handsOver(parents[2 * i + 1], children[2 * i]);
    }
    other.join();
    for (int i = 0; i < ROUNDS; i++) {
      assertThat(moved[2 * i]).as("round " + i).isNotEqualTo(moved[2 * i + 1]);
      parents[2 * i].close();
      parents[2 * i + 1].close();
      assertThat(children[2 * i].isClosed() && children[2 * i + 1].isClosed()).isTrue();
    }
  }
}
