package leaksafe.resource.internal;

import java.util.List;
import java.util.concurrent.ExecutorService;
import leaksafe.resource.CleanupAction;
import leaksafe.resource.Closer;

/** Makes the entries of scopes. */
public final class Entries {
  private Entries() {}

  /** Returns the entry that closes an object. */
  public static <T> Entry owned(T object, Closer<? super T> closer) {
    return new Owned<>(object, closer);
  }

  /** Returns the entry that runs an action, always or only if the scope has not succeeded. */
  public static Entry action(CleanupAction action, boolean onlyOnFailure) {
    return new Action(action, onlyOnFailure);
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
      if (!onlyOnFailure || closing.runsFailureActions()) {
        action.run();
      }
    }

    @Override
    List<Object> held() {
      return List.of(action);
    }
  }
}
