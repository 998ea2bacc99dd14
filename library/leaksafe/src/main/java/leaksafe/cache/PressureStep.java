package leaksafe.cache;

import java.util.Objects;

/**
 * A change of a maximum for the state of the heap.
 *
 * @param container the name of the cache or budget
 * @param before the maximum before, in entries or units of weight
 * @param maximum the maximum from now on
 * @param heap how full the heap was
 */
public record PressureStep(String container, long before, long maximum, HeapUse heap) {

  /** Checks that nothing is null. */
  public PressureStep {
    Objects.requireNonNull(container, "container");
    Objects.requireNonNull(heap, "heap");
  }

  /** Returns whether the maximum was lowered. */
  public boolean isShrink() {
    return maximum < before;
  }
}
