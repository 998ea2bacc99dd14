package leaksafe.pool.internal;

import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** How the model checker is to see pools. */
final class ModelChecking {
  private ModelChecking() {}

  /** Returns options with which it does not take the trial of the stack for a recursion that never ends. */
  static ModelCheckingOptions options() {
    return new ModelCheckingOptions().addGuarantee(ManagedStrategyGuaranteeKt.forClasses(Headroom.class.getName()).allMethods().ignore());
  }
}
