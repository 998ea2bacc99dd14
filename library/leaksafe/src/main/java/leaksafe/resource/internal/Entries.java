package leaksafe.resource.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import leaksafe.resource.CleanupAction;
import leaksafe.resource.Closer;

/** Makes the entries of scopes. */
public final class Entries {
  /** For how long the closing of a scope waits for a child that another thread is closing, in nanoseconds. */
  static final long CHILD_WAIT_NANOS = Duration.ofSeconds(10).toNanos();

  private Entries() {}

  /** Returns the entry that closes an object. */
  public static <T> Entry owned(T object, Closer<? super T> closer) {
    return new Owned<>(object, closer);
  }

  /** Returns the entry that runs an action, always or only if the scope has not succeeded. */
  public static Entry action(CleanupAction action, boolean onlyOnFailure) {
    return new Action(action, onlyOnFailure);
  }

  /** Returns the entry that closes a child scope. */
  public static Entry child(ScopeState child) {
    Child entry = new Child(child);
    child.setPlaceInParent(entry);
    return entry;
  }

  /** Returns the entry that ends an executor. */
  public static Entry executor(ExecutorService executor, long timeoutNanos) {
    return new ExecutorEntry(executor, timeoutNanos);
  }

  private static final class Owned<T> extends Entry {
    private final T object;
    private final Closer<? super T> closer;

    Owned(T object, Closer<? super T> closer) {
      this.object = object;
      this.closer = closer;
    }

    @Override
    void close(Closing closing) throws Exception {
      closer.close(object);
    }

    @Override
    Object subject() {
      return object;
    }

    @Override
    List<Object> held() {
      return List.of(object, closer);
    }
  }

  private static final class Action extends Entry {
    private final CleanupAction action;
    private final boolean onlyOnFailure;

    Action(CleanupAction action, boolean onlyOnFailure) {
      this.action = action;
      this.onlyOnFailure = onlyOnFailure;
    }

    @Override
    void close(Closing closing) throws Exception {
      if (!(onlyOnFailure && closing.succeeded())) {
        action.run();
      }
    }

    @Override
    List<Object> held() {
      return List.of(action);
    }
  }

  private static final class Child extends Entry {
    private final ScopeState child;

    Child(ScopeState child) {
      this.child = child;
    }

    @Override
    void close(Closing closing) throws Exception {
      child.closeAsChild(closing, CHILD_WAIT_NANOS);
    }

    @Override
    Object subject() {
      return child;
    }

    @Override
    ScopeState scope() {
      return child;
    }
  }
}
