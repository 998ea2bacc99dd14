package leaksafe.event;

import org.jspecify.annotations.Nullable;

/**
 * A list of handlers for one kind of events, in which a handler stays only as long as its owner.
 * <pre>{@code
 * Topic<OrderPlaced> orders = Topic.create();
 * orders.subscribe(this, CartView::onOrder);
 * orders.publish(new OrderPlaced(...));
 * }</pre>
 *
 * <p><b>Order.</b> A publication calls the handlers that are subscribed when it begins, each at most once, those of a higher priority
 * first, and in the order of their subscription among equals. A handler that subscribes another does not have it called for
 * the same event. A handler that publishes has that event delivered at once, before the rest of the handlers get theirs, as a call would. If events
 * must be seen one after another, give the topic an executor that runs one task at a time. Publications of different threads are not
 * ordered, and run at the same time.
 *
 * <p><b>Failures.</b> What a handler throws is told to the failure listener, with the class of the owner and the event, and the next handler
 * is called. The one exception is a stack overflow by a publication inside of a publication inside of a publication: it is thrown
 * to the publisher, since every handler of the chain would start the chain again.
 *
 * <p><b>Bound.</b> Owners are held weakly: dead ones cost at most their entries (about 50 bytes) until the reaper removes them, which
 * it does within 250 ms of the collection without any call, unless some hundred thousand died at once. A sticky topic holds one event, the last.
 *
 * <p><b>Cost.</b> Publishing reads one array, takes no lock and allocates nothing; the first publication after a change of the
 * subscriptions copies the array, under a lock that no user's code runs under.
 *
 * <p><b>Threads.</b> Safe for use by many threads, inside of handlers too.
 *
 * @param <E> the type of the events
 */
public interface Topic<E> extends EventSource<E>, AutoCloseable {

  /** Returns a new topic that delivers on the publishing thread and logs failures. */
  static <E> Topic<E> create() {
    return Topic.<E>builder().build();
  }

  /** Returns a builder. */
  static <E> TopicBuilder<E> builder() {
    return new TopicBuilder<>();
  }

  /**
   * Delivers the event to every handler, on this thread or on the executor of the topic.
   *
   * @throws IllegalStateException if this topic is closed
   * @throws java.util.concurrent.RejectedExecutionException if the executor of the topic does not take the event; no handler is called then
   */
  void publish(E event);

  /**
   * Returns the last event that was published, or null if there was none, it was cleared, or the topic is not
   * {@linkplain TopicBuilder#sticky() sticky}.
   */
  @Nullable E sticky();

  /** Lets go of the last event, and returns it; null if there is none. */
  @Nullable E clearSticky();

  /** Returns about how many subscriptions there are. Those of collected owners count until they are removed. */
  long estimatedSize();

  /** Ends every subscription and lets go of the sticky event. Subscribing and publishing throw from then on. Does nothing the second time. */
  @Override
  void close();
}
