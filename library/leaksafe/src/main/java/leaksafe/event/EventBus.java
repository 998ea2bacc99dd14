package leaksafe.event;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings events to the handlers that are subscribed to their class or to one of its superclasses and interfaces; a handler stays only
 * as long as its owner.
 * <pre>{@code
 * EventBus bus = EventBus.create();
 * bus.subscribe(this, OrderPlaced.class, CartView::onOrder);
 * bus.listen(this, OrderPlaced.class, e -> refresh());
 * bus.publish(new OrderPlaced(...));
 * }</pre>
 * There is no global bus and there are no annotations: who publishes and who listens is code that a reader can follow.
 *
 * <p>Order, failures and cost are those of a {@link Topic}, across all the types that an event has: priorities first, then the order
 * of subscription. A subscription gets an event once, whatever way its type is inherited. Publishing adds the look-up of the
 * class of the event in a small table.
 *
 * <p><b>Bound.</b> Owners are held weakly, and so are the classes of events, both those published and those subscribed to: the bus
 * keeps no class loader alive. The last events of the types declared {@linkplain EventBusBuilder#sticky sticky} are held, one for each type.
 *
 * <p><b>Not promised.</b> That a class loader is collected while a handler of it captures something or was subscribed for an
 * owner of another class loader, or for ever: such a handler is held until its subscription ends.
 *
 * <p><b>Threads.</b> Safe for use by many threads, inside of handlers too.
 */
public interface EventBus extends AutoCloseable {

  /** Returns a new bus that delivers on the publishing thread and logs failures. */
  static EventBus create() {
    return builder().build();
  }

  /** Returns a builder. */
  static EventBusBuilder builder() {
    return new EventBusBuilder();
  }

  /**
   * Calls the handler with the owner and every event of the type, for as long as the owner is reachable: see
   * {@link EventSource#subscribe}.
   *
   * @throws IllegalArgumentException as there, or if the type is primitive
   * @throws IllegalStateException if this bus is closed
   */
  default <O, E> Subscription subscribe(O owner, Class<E> type, BiConsumer<? super O, ? super E> handler) {
    return on(type).subscribe(owner, handler);
  }

  /**
   * Calls the handler with every event of the type, for as long as the owner is reachable. The handler may use the owner without
   * keeping it alive: see {@link EventSource#listen}.
   *
   * @throws IllegalArgumentException as there, or if the type is primitive
   * @throws IllegalStateException if this bus is closed
   */
  default <E> Subscription listen(Object owner, Class<E> type, Listener<? super E> handler) {
    return on(type).listen(owner, handler);
  }

  /**
   * Calls the handler with every event of the type until the subscription or the bus is closed, and holds the handler strongly as
   * long.
   *
   * @throws IllegalArgumentException if the type is primitive
   * @throws IllegalStateException if this bus is closed
   */
  default <E> Subscription subscribeForever(Class<E> type, Consumer<? super E> handler) {
    return on(type).subscribeForever(handler);
  }

  /**
   * Returns the events of the type, to subscribe to with a filter, a priority or an executor.
   *
   * @throws IllegalArgumentException if the type is primitive
   */
  <E> EventSource<E> on(Class<E> type);

  /**
   * Delivers the event to every handler of one of its types, on this thread or on the executor of the bus.
   *
   * @throws IllegalStateException if this bus is closed
   * @throws java.util.concurrent.RejectedExecutionException if the executor of the bus does not take the event; no handler is called then
   */
  void publish(Object event);

  /**
   * Returns the last event of a type that was declared {@linkplain EventBusBuilder#sticky sticky}, or null if there is none.
   *
   * @throws IllegalArgumentException if the type was not declared
   */
  <E> @Nullable E sticky(Class<E> type);

  /**
   * Lets go of the last event of a sticky type, and returns it; null if there is none.
   *
   * @throws IllegalArgumentException if the type was not declared
   */
  <E> @Nullable E clearSticky(Class<E> type);

  /** Returns about how many subscriptions there are. Those of collected owners count until they are removed. */
  long estimatedSize();

  /** Ends every subscription and lets go of the sticky events. Subscribing and publishing throw from then on. Does nothing the second time. */
  @Override
  void close();
}
