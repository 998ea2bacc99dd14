package leaksafe.resource.internal;

import java.util.ArrayList;
import java.util.List;
import leaksafe.internal.Reports;
import leaksafe.resource.ScopeCloseException;
import org.jspecify.annotations.Nullable;

/**
 * One pass of closing: keeps every failure and goes on. If the thread is interrupted in one of our waits, the remaining waits are cut
 * short, the remaining closers run undisturbed, and the interrupt status is set again at the end.
 */
public final class Closing {
  private final String what;
  private final boolean succeeded;
  private final List<Throwable> failures = new ArrayList<>(0);
  private boolean interrupted; // waits are cut short

  /**
   * Begins a pass.
   *
   * @param what the name of the scope, for messages
   * @param succeeded whether the scope's work was done, so that failure actions are not run
   * @param interrupted whether the thread was interrupted in a wait of a pass that this is a part of
   */
  public Closing(String what, boolean succeeded, boolean interrupted) {
    this.what = what;
    this.succeeded = succeeded;
    this.interrupted = interrupted;
  }

  String what() {
    return what;
  }

  boolean succeeded() {
    return succeeded;
  }

  /** Returns whether waits are to be cut short. */
  boolean isInterrupted() {
    return interrupted;
  }

  void interrupted() {
    interrupted = true;
  }

  /** Does one thing and keeps what it throws. */
  void run(Entry entry) {
    try {
      entry.close(this);
    } catch (InterruptedException e) {
      interrupted = true;
      failures.add(e);
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  /** Closes a resource and keeps what it throws. */
  public void run(AutoCloseable resource) {
    try {
      resource.close();
    } catch (InterruptedException e) {
      interrupted = true;
      failures.add(e);
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  /** Returns the failures so far, in their order. */
  List<Throwable> failures() {
    return failures;
  }

  /** Ends the pass: sets the interrupt status again, and returns the failures in their order. */
  List<Throwable> end() {
    if (interrupted) {
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
