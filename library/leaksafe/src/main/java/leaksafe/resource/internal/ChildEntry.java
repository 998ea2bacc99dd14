package leaksafe.resource.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Closes a scope as a part of the one that it is inside of, or waits for the thread that is at it already. */
final class ChildEntry extends Entry {
  private static final long WAIT_NANOS = Duration.ofSeconds(10).toNanos();

  private final ScopeState child;
  private final long waitNanos;

  private ChildEntry(ScopeState child, long waitNanos) {
    this.child = child;
    this.waitNanos = waitNanos;
  }

  /** Returns the place of a child in its parent. */
  static ChildEntry of(ScopeState child) {
    return of(child, WAIT_NANOS);
  }

  /** Returns it with how long another thread that closes the child is waited for. */
  static ChildEntry of(ScopeState child, long waitNanos) {
    ChildEntry entry = new ChildEntry(child, waitNanos);
    child.setPlaceInParent(entry);
    return entry;
  }

  @Override
  void close(Closing closing) throws Exception {
    Closing own = child.closeAll(closing);
    if (own != null) {
      own.endAndThrow();
      return;
    }
    if (child.passHere() != null || awaitEnd(closing)) {
      return;
    }
    throw new TimeoutException(closing.what() + ": its child " + child.name() + " is still being closed by another thread"
        + (closing.isInterrupted() ? ", and this one was interrupted" : " after " + TimeUnit.NANOSECONDS.toMillis(waitNanos) + " ms"));
  }

  private boolean awaitEnd(Closing closing) {
    if (!closing.isInterrupted()) {
      try {
        return child.awaitClosed(waitNanos);
      } catch (InterruptedException e) {
        closing.interrupted();
      }
    }
    return child.hasEnded();
  }

  @Override
  Object subject() {
    return child;
  }

  @Override
  public ScopeState scope() {
    return child;
  }
}
