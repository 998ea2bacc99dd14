package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import leaksafe.FailureListener;
import leaksafe.internal.CallSite;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Whatever is given to scopes is closed exactly once: at once where its scope is closed, else when the scope that has it in the end is, however
 * owning, closing early, handing over, opening children and closing interleave. By stress alone, as {@link ScopeLincheckTest}.
 *
 * <p>A child refuses what it is given a moment after its parent does, so what children take is looked at in the end and has no order.
 */
@Param(name = "scope", gen = IntGen.class, conf = "0:1")
public class ScopeClosersLincheckTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 10);

  /** Something that was given to a scope. */
  private static final class Item {
    final AtomicInteger closings = new AtomicInteger();
  }

  private final ScopeState[] scopes = {scope("a"), scope("b")};
  private final AtomicReferenceArray<ScopeState> children = new AtomicReferenceArray<>(2); // the latest of each
  private final Queue<ScopeState> opened = new ConcurrentLinkedQueue<>();
  private final Queue<Item> items = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Item> latest = new AtomicReference<>();

  private static ScopeState scope(String name) {
    return new ScopeState(name, new CallSite.Place("site", "loader"), "bound", FailureListener.logging());
  }

  private boolean give(ScopeState scope, boolean asAction) {
    Item item = new Item();
    items.add(item);
    try {
      scope.add(asAction ? Entries.action(item.closings::incrementAndGet, false) : Entries.owned(item, one -> one.closings.incrementAndGet()));
      latest.set(item);
      return true;
    } catch (IllegalStateException e) {
      if (item.closings.get() != 1) {
        throw new AssertionError("refused, and closed so often: " + item.closings, e);
      }
      return false;
    }
  }

  @Operation
  public boolean own(@Param(name = "scope") int scope) {
    return give(scopes[scope], false);
  }

  @Operation
  public boolean defer(@Param(name = "scope") int scope) {
    return give(scopes[scope], true);
  }

  @Operation
  public void closeEarly(@Param(name = "scope") int scope) {
    Item item = latest.get();
    Entry entry = item == null ? null : scopes[scope].removeFor(item);
    if (entry != null) {
      scopes[scope].closeNow(entry);
    }
  }

  @Operation
  public boolean child(@Param(name = "scope") int scope) {
    try {
      ScopeState child = Scopes.child(scopes[scope], "child");
      opened.add(child);
      children.set(scope, child);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Operation
  public void ownInChild(@Param(name = "scope") int scope) {
    ScopeState child = children.get(scope);
    if (child != null) {
      give(child, false);
    }
  }

  @Operation
  public void closeChild(@Param(name = "scope") int scope) {
    ScopeState child = children.get(scope);
    if (child != null) {
      child.close();
    }
  }

  @Operation
  public boolean handOver(@Param(name = "scope") int from) {
    try {
      scopes[from].moveAllTo(scopes[1 - from]);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Operation
  public void close(@Param(name = "scope") int scope) {
    scopes[scope].close();
  }

  @Operation
  public boolean isClosed(@Param(name = "scope") int scope) {
    return scopes[scope].isClosed();
  }

  @Validate
  public void everything_is_closed_exactly_once_in_the_end() {
    for (ScopeState scope : scopes) {
      scope.close();
      if (scope.size() != 0) {
        throw new IllegalStateException(scope.name() + " is closed and owns " + scope.size());
      }
    }
    for (ScopeState child : opened) {
      if (!child.isClosed() || child.size() != 0) {
        throw new IllegalStateException("a child is left, " + (child.isClosed() ? "closed" : "open") + ", and owns " + child.size());
      }
    }
    for (Item item : items) {
      if (item.closings.get() != 1) {
        throw new IllegalStateException("something was closed " + item.closings + " times");
      }
    }
  }

  private static Actor actor(String name, int scope) {
    try {
      return new Actor(ScopeClosersLincheckTest.class.getMethod(name, int.class), List.of(scope));
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  private static ExecutionScenario scenario(List<Actor> before, Actor one, Actor other) {
    return new ExecutionScenario(before, List.of(List.of(one), List.of(other)), List.of(), null);
  }

  @Test
  void where_two_meet_over_one_thing_it_is_closed_exactly_once() {
    Actor own = actor("own", 0);
    Actor child = actor("child", 0);
    Actor ownInChild = actor("ownInChild", 0);
    Actor close = actor("close", 0);
    Actor handOver = actor("handOver", 0);
    assertThatCode(() -> new StressOptions()
        .addCustomScenario(scenario(List.of(own), own, close))
        .addCustomScenario(scenario(List.of(own, own, own), actor("closeEarly", 0), close))
        .addCustomScenario(scenario(List.of(own, own), close, close))
        .addCustomScenario(scenario(List.of(own, own), handOver, actor("close", 1)))
        .addCustomScenario(scenario(List.of(own, own), handOver, close))
        .addCustomScenario(scenario(List.of(own, own), handOver, actor("handOver", 1)))
        .addCustomScenario(scenario(List.of(child), ownInChild, close))
        .addCustomScenario(scenario(List.of(own, child, ownInChild), actor("closeChild", 0), close))
        .addCustomScenario(scenario(List.of(own, child, ownInChild), actor("closeChild", 0), handOver))
        .iterations(0).invocationsPerIteration(1000).check(ScopeClosersLincheckTest.class)).doesNotThrowAnyException();
  }

  @Test
  void under_stress_everything_is_closed_exactly_once() {
    assertThatCode(() -> new StressOptions().iterations(SCENARIOS).invocationsPerIteration(100).threads(3).actorsPerThread(3).actorsBefore(3)
        .actorsAfter(1).check(ScopeClosersLincheckTest.class)).doesNotThrowAnyException();
  }
}
