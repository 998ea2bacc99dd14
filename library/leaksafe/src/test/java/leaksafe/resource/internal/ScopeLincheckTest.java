package leaksafe.resource.internal;

import leaksafe.FailureListener;
import leaksafe.internal.CallSite;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Owning, taking out, handing over and closing take effect each at one instant. By stress alone: Lincheck's model checker follows the
 * static field of the census into encapsulated classes of the JDK, and fails there.
 */
@Param(name = "object", gen = IntGen.class, conf = "1:3")
public class ScopeLincheckTest {
  private static final Object[] OBJECTS = {"zero", "one", "two", "three"};

  private final ScopeState scope = new ScopeState("a", new CallSite.Place("site", "loader"), "bound", FailureListener.logging());
  private final ScopeState other = new ScopeState("b", new CallSite.Place("site", "loader"), "bound", FailureListener.logging());

  @Operation
  public boolean own(@Param(name = "object") int object) {
    try {
      scope.add(Entries.owned(OBJECTS[object], o -> { }));
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Operation
  public boolean disown(@Param(name = "object") int object) {
    return scope.removeFor(OBJECTS[object]) != null;
  }

  @Operation
  public boolean disownOfOther(@Param(name = "object") int object) {
    return other.removeFor(OBJECTS[object]) != null;
  }

  @Operation
  public boolean handOver() {
    return move(scope, other);
  }

  @Operation
  public boolean handBack() {
    return move(other, scope);
  }

  private static boolean move(ScopeState from, ScopeState to) {
    try {
      from.moveAllTo(to);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Operation
  public void closeOther() {
    other.close();
  }

  @Operation
  public boolean isOtherClosed() {
    return other.isClosed();
  }

  @Test
  void stress() {
    new StressOptions().iterations(Integer.getInteger("lincheck.scenarios", 10)).invocationsPerIteration(500).threads(2).actorsPerThread(3).check(ScopeLincheckTest.class);
  }
}
