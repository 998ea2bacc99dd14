package leaksafe.registry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.internal.ClosedFields;
import leaksafe.internal.Lambdas;
import leaksafe.internal.Reachability;
import leaksafe.internal.Reports;
import leaksafe.internal.UserClasses;

/** Looks whether a value reaches its key, and does about it what the policy says. */
final class CycleCheck {
  private static final int REPORTED_AT_MOST = 64;

  private final String name;
  private final CyclePolicy policy;
  private final FailureListener listener;
  private volatile boolean toldOfClosed; // two threads that find it false at once tell twice
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  CycleCheck(String name, CyclePolicy policy, FailureListener listener) {
    this.name = name;
    this.policy = policy;
    this.listener = listener;
  }

  /**
   * Checks a value that will not live in its key.
   *
   * @throws IllegalArgumentException if the value reaches the key and the policy is to reject it
   */
  void check(Object key, Object value) {
    if (policy == CyclePolicy.ALLOW || Places.isImmortal(key)) {
      return;
    }
    String path = Reachability.path(value, key);
    if (path == null) {
      checkIsOpen(value.getClass());
      return;
    }
    IllegalArgumentException problem = new IllegalArgumentException(name + ": the value reaches its key (" + path
        + ") and would keep it for ever; let " + key.getClass().getName() + " implement Attachable, name a host for it,"
        + " hold the key in the value by a WeakReference, or say onCycle(CyclePolicy.ALLOW)");
    if (policy == CyclePolicy.REJECT) {
      throw problem;
    }
    if (reported.size() < REPORTED_AT_MOST && reported.add(path)) {
      Reports.tell(listener, new Failure(name, "cycle check", path, problem));
    }
  }

  /** Tells, once, that values are not checked. Nobody would open a package of the JDK, and of its containers the search knows what matters. */
  private void checkIsOpen(Class<?> type) {
    if (toldOfClosed || UserClasses.isPlatform(type)) {
      return;
    }
    String field = ClosedFields.first(type);
    if (!field.isEmpty()) {
      toldOfClosed = true;
      Reports.tell(listener, new Failure(name, "cycle check", field + " of " + Lambdas.nameOf(type), new IllegalStateException(name
          + ": whether a value keeps its key is not checked, for field " + field + " of " + Lambdas.nameOf(type) + " is closed; open "
          + type.getPackageName() + " to the module leaksafe, let the keys implement Attachable, or say onCycle(CyclePolicy.ALLOW)")));
    }
  }
}
