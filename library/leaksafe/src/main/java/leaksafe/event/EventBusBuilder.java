package leaksafe.event;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import leaksafe.FailureListener;
import leaksafe.event.internal.RoutingBus;
import leaksafe.event.internal.Settings;

/** Builds {@linkplain EventBus buses}. Not for use by several threads at once. */
public final class EventBusBuilder {
  private Settings settings = Settings.DEFAULT;

  EventBusBuilder() {}

  /** Sets the name for reports. The default is made of the line that builds the bus. */
  public EventBusBuilder name(String name) {
    settings = settings.name(name);
    return this;
  }

  /**
   * Sets where events are delivered; one task delivers one event to all handlers. The default is the publishing thread. A waiting task
   * holds the event, and no owner.
   */
  public EventBusBuilder executor(Executor executor) {
    settings = settings.executor(executor);
    return this;
  }

  /** Sets who is told of what handlers, filters and executors throw. The default logs it. */
  public EventBusBuilder failureListener(FailureListener listener) {
    settings = settings.failureListener(listener);
    return this;
  }

  /** Sets who gets the events that no handler was called for. By default they are counted, and dropped. */
  public EventBusBuilder unhandledListener(Consumer<Object> listener) {
    settings = settings.unhandledListener(listener);
    return this;
  }

  /**
   * Has the bus keep the last event of the type, strongly, and give it to those who later subscribe to a type that the event has, before their
   * subscribing returns. Call it once for each type; the types and one event each are all that is kept. An event is let go when the next one is
   * published, by {@link EventBus#clearSticky} and {@link EventBus#close}.
   *
   * <p>Nobody gets an event twice. Not promised: the order between a kept event and one that another thread publishes meanwhile.
   *
   * @throws IllegalArgumentException if the type is primitive
   */
  public EventBusBuilder sticky(Class<?> type) {
    settings = settings.sticky(type);
    return this;
  }

  /** Returns a new bus. */
  public EventBus build() {
    return new RoutingBus(settings);
  }
}
