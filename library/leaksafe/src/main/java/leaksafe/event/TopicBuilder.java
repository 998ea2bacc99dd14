package leaksafe.event;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import leaksafe.FailureListener;
import leaksafe.event.internal.Settings;
import leaksafe.event.internal.SnapshotTopic;

/**
 * Builds {@linkplain Topic topics}. Not for use by several threads at once.
 *
 * @param <E> the type of the events
 */
public final class TopicBuilder<E> {
  private Settings settings = Settings.DEFAULT;

  TopicBuilder() {}

  /** Sets the name for reports. The default is made of the line that builds the topic. */
  public TopicBuilder<E> name(String name) {
    settings = settings.name(name);
    return this;
  }

  /**
   * Sets where events are delivered; one task delivers one event to all handlers. The default is the publishing thread. A waiting task
   * holds the event, and no owner.
   */
  public TopicBuilder<E> executor(Executor executor) {
    settings = settings.executor(executor);
    return this;
  }

  /** Sets who is told of what handlers, filters and executors throw. The default logs it. */
  public TopicBuilder<E> failureListener(FailureListener listener) {
    settings = settings.failureListener(listener);
    return this;
  }

  /** Sets who gets the events that no handler was called for. By default they are counted, and dropped. */
  @SuppressWarnings("unchecked") // a topic is given events of its own type only
  public TopicBuilder<E> unhandledListener(Consumer<? super E> listener) {
    settings = settings.unhandledListener((Consumer<Object>) Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Has the topic keep the last event, strongly, and give it to those who subscribe later, before their subscribing returns. The event is let go
   * when the next one is published, by {@link Topic#clearSticky} and {@link Topic#close}.
   *
   * <p>Nobody gets an event twice. Not promised: the order between the kept event and one that another thread publishes meanwhile.
   */
  public TopicBuilder<E> sticky() {
    settings = settings.sticky(Object.class);
    return this;
  }

  /** Returns a new topic. */
  public Topic<E> build() {
    return new SnapshotTopic<>(settings);
  }
}
