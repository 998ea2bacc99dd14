package leaksafe.resource.internal;

import java.util.ArrayList;
import java.util.List;
import leaksafe.internal.Reports;
import leaksafe.resource.ScopeCloseException;
import org.jspecify.annotations.Nullable;

/**
 * One pass of closing: keeps every failure and goes on. If the thread is interrupted in one of our waits, the remaining waits are cut
 * short, the remaining closers run undisturbed, and the interrupt status is set again at the end.
 *
 * <p>A pass may be a part of another on the same thread: that of a child scope, or of what a closer gives to the scope that is being closed. An interrupt
 * in one is an interrupt in both, and the status is left for the end of the outer one.
 */
public final class Closing {
  private final String what;
  private final FailureActions failureActions;
  private final @Nullable Closing outer;
  private final List<Throwable> failures = new ArrayList<>(0);
  private final Waits waits; // those of the outer one

  /** Whether waits are cut short, for a pass and all that are parts of it. */
  private static final class Waits {
    boolean interrupted;
  }

  /** What becomes of the actions that are for a scope that did not succeed. */
  enum FailureActions {
    RUN, SKIP
  }

  /**
   * Begins a pass that runs failure actions, if it meets any.
   *
   * @param what the name of the scope, for messages
   */
  public Closing(String what) {
    this(what, FailureActions.RUN, null);
  }

  /**
   * Begins a pass.
   *
   * @param what the name of the scope, for messages
   * @param failureActions whether they are run
   * @param outer the pass that this is a part of, or null
   */
  Closing(String what, FailureActions failureActions, @Nullable Closing outer) {
    this.what = what;
    this.failureActions = failureActions;
    this.outer = outer;
    this.waits = outer == null ? new Waits() : outer.waits;
  }

  String what() {
    return what;
  }

  boolean runsFailureActions() {
    return failureActions == FailureActions.RUN;
  }

  /** Returns whether waits are to be cut short. */
  boolean isInterrupted() {
    return waits.interrupted;
  }

  void interrupted() {
    waits.interrupted = true;
  }

  /** Does one thing and keeps what it throws. */
  void run(Entry entry) {
    run(() -> entry.close(this));
  }

  /** Closes a resource and keeps what it throws. */
  public void run(AutoCloseable resource) {
    try {
      resource.close();
    } catch (InterruptedException e) {
      interrupted();
      failures.add(e);
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  /** Ends the pass: sets the interrupt status again unless the outer pass will, and returns the failures in their order. */
  List<Throwable> end() {
    if (waits.interrupted && outer == null) {
      Thread.currentThread().interrupt();
    }
    return failures;
  }

  /** Ends the pass, and throws if anything failed: the first failure itself if it is unchecked, the others suppressed by it. */
  public void endAndThrow() {
    Throwable failure = single(what, end());
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
  }

  /** Returns one unchecked throwable that carries all of them, or null if there are none. */
  static @Nullable Throwable single(String what, List<Throwable> failures) {
    if (failures.isEmpty()) {
      return null;
    }
    Throwable first = failures.get(0);
    List<Throwable> others = failures.subList(1, failures.size());
    if ((first instanceof RuntimeException || first instanceof Error) && suppressAll(first, others)) {
      return first;
    }
    String message = failures.size() == 1
        ? what + ": closing failed: " + Reports.line(first)
        : what + ": closing failed " + failures.size() + " times, first: " + Reports.line(first);
    ScopeCloseException exception = new ScopeCloseException(message, first);
    suppressAll(exception, others);
    return exception;
  }

  /** Has one throwable suppress others, and returns whether it took them all: some are made not to. */
  public static boolean suppressAll(Throwable first, List<Throwable> others) {
    for (Throwable other : others) {
      if (other == first) {
        continue; // two closers that throw the same object: it is kept already
      }
      int before = first.getSuppressed().length;
      first.addSuppressed(other);
      if (first.getSuppressed().length == before) {
        return false;
      }
    }
    return true;
  }
}
