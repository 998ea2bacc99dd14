package leaksafe.event.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import leaksafe.FailureListener;
import org.jspecify.annotations.Nullable;

/**
 * What a bus or topic was built with.
 *
 * @param name the name, or null for one made of the kind and the creation site
 * @param executor where events are delivered, or null for the publishing thread
 * @param failureListener who is told of failures
 * @param unhandledListener who gets events without a handler, or null
 * @param sticky the types whose last event is kept
 */
public record Settings(
    @Nullable String name,
    @Nullable Executor executor,
    FailureListener failureListener,
    @Nullable Consumer<Object> unhandledListener,
    List<Class<?>> sticky) {

  /** What is not set. */
  public static final Settings DEFAULT = new Settings(null, null, FailureListener.logging(), null, List.of());

  /** Returns these with the name. */
  public Settings name(String name) {
    return new Settings(Objects.requireNonNull(name, "name"), executor, failureListener, unhandledListener, sticky);
  }

  /** Returns these with the executor. */
  public Settings executor(Executor executor) {
    return new Settings(name, Objects.requireNonNull(executor, "executor"), failureListener, unhandledListener, sticky);
  }

  /** Returns these with the listener. */
  public Settings failureListener(FailureListener listener) {
    return new Settings(name, executor, Objects.requireNonNull(listener, "listener"), unhandledListener, sticky);
  }

  /** Returns these with the listener. */
  public Settings unhandledListener(Consumer<Object> listener) {
    return new Settings(name, executor, failureListener, Objects.requireNonNull(listener, "listener"), sticky);
  }

  /** Returns these with one more sticky type. */
  public Settings sticky(Class<?> type) {
    Values.checkEventType(type);
    if (sticky.contains(type)) {
      return this;
    }
    List<Class<?>> more = new ArrayList<>(sticky);
    more.add(type);
    return new Settings(name, executor, failureListener, unhandledListener, List.copyOf(more));
  }
}
