package leaksafe.memo.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.internal.Reachability;
import leaksafe.internal.Reports;
import leaksafe.registry.CyclePolicy;
import org.jspecify.annotations.Nullable;

/** Looks whether something that a memo is about to keep reaches the instance, and does about it what the policy says. */
public final class InstanceCheck {
  private static final int REPORTED_AT_MOST = 64;

  private final String name;
  private final CyclePolicy policy;
  private final FailureListener listener;
  private final Set<String> reported = ConcurrentHashMap.newKeySet(); // of texts, at most REPORTED_AT_MOST and the threads at it

  /** Makes the check of a memo. */
  public InstanceCheck(String name, @Nullable CyclePolicy policy, @Nullable FailureListener listener) {
    this.name = name;
    this.policy = policy == null ? CyclePolicy.REJECT : policy;
    this.listener = listener == null ? FailureListener.logging() : listener;
  }

  /** Returns whether what is thrown may be kept: unlike a result it is not refused, but goes to the caller and is forgotten. */
  public boolean mayKeep(Exception thrown, Object instance) {
    return policy != CyclePolicy.REJECT || Reachability.path(thrown, instance) == null;
  }

  /**
   * Checks what would be kept.
   *
   * @param what {@code result}, {@code key} ...
   * @param cure how to avoid it, in words
   * @throws IllegalArgumentException if it reaches the instance and the policy is to reject that
   */
  public void check(@Nullable Object kept, Object instance, String what, String cure) {
    String path = policy == CyclePolicy.ALLOW ? null : Reachability.path(kept, instance);
    if (path == null) {
      return;
    }
    IllegalArgumentException problem = new IllegalArgumentException(name + ": the " + what + " reaches its "
        + instance.getClass().getName() + " (" + path + ") and would keep it for ever; " + cure + ", or say onCycle(CyclePolicy.ALLOW)");
    if (policy == CyclePolicy.REJECT) {
      throw problem;
    }
    if (reported.size() < REPORTED_AT_MOST && reported.add(path)) {
      Reports.tell(listener, new Failure(name, "cycle check", path, problem));
    }
  }
}
