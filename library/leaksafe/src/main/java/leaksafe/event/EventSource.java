package leaksafe.event;

import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Something that handlers can be subscribed to: a {@link Topic}, a type of events {@linkplain EventBus#on on a bus}, or either of them
 * with a filter, a priority or an executor.
 *
 * <p>Options apply to what is subscribed through the source that they return, and leave this source as it is:
 * <pre>{@code
 * bus.on(OrderPlaced.class).filter(e -> e.total() > 100).priority(1).subscribe(this, CartView::onLargeOrder);
 * }</pre>
 *
 * <p><b>The owner</b> is the object whose life bounds the subscription, mostly {@code this}. It is held weakly. Strings, boxed
 * numbers, enum constants, classes, lambdas, reflected members and objects of value-based classes are refused as owners, since they live for ever, or
 * nobody knows how long.
 *
 * <p><b>Threads.</b> Immutable, safe for use by many threads.
 *
 * @param <E> the type of the events
 */
public interface EventSource<E> {

  /**
   * Calls the handler with the owner and the event, for as long as the owner is reachable.
   *
   * <p>Write the handler as {@code CartView::onOrder} or as {@code (view, event) -> ...}: it does not hold its owner, because it gets
   * it. What it captures besides is held until the subscription ends, and must not lead back to the owner. The check for that is the
   * same as that of {@link #listen}, with the same limits.
   *
   * <p><b>Cost.</b> O(1) amortized, O(subscriptions) with a priority.
   *
   * @param owner what bounds the life of the subscription, held weakly
   * @param handler what is called
   * @return the subscription, which need not be kept
   * @throws IllegalArgumentException if the owner is a value, if the handler or a filter reaches its owner or cannot be looked into, or if the
   *     executor reaches the owner; nothing is subscribed then
   * @throws IllegalStateException if the bus or topic is closed
   */
  <O> Subscription subscribe(O owner, BiConsumer<? super O, ? super E> handler);

  /**
   * Calls the handler with the event, for as long as the owner is reachable. The handler may use the owner: a lambda or method
   * reference that captured it is rebuilt so that it gets the owner at each call instead of holding it.
   *
   * <p>In order of preference: a handler that does not reach its owner is held as it is; the owner itself may be the handler; a lambda or
   * method reference that captured the owner is rebuilt, if nothing else that it captured reaches the owner; any other handler lives in its owner, if that
   * is {@link leaksafe.registry.Attachable}, and may reach it by whatever way. All else is refused, with the path from the handler to the owner, because the handler would
   * keep its owner alive, or would be lost with the next collection.
   *
   * <p>In a named module, looking into the handler requires that the package which the handler was written in is opened to the module
   * {@code leaksafe}.
   *
   * <p><b>Cost.</b> Looks through what the handler holds; the first time, a lambda in the code is also taken apart.
   *
   * <p><b>Not promised.</b> That a path from the handler to the owner is found if it is long, leads through a large
   * collection or through objects of modules that are not open. Such an owner lives until the subscription is closed.
   *
   * @param owner what bounds the life of the subscription, held weakly
   * @param handler what is called
   * @return the subscription, which need not be kept
   * @throws IllegalArgumentException if the owner is a value, if the handler reaches its owner and cannot be rebuilt, or cannot be
   *     looked into, or is written for another type of events, or if a filter or the executor is refused as there; nothing is subscribed then
   * @throws IllegalStateException if the bus or topic is closed
   */
  Subscription listen(Object owner, Listener<? super E> handler);

  /**
   * Calls the handler with the event until the subscription is closed or the bus or topic is. This is the one form that holds the
   * handler, and all that it reaches, strongly.
   *
   * @throws IllegalStateException if the bus or topic is closed
   */
  Subscription subscribeForever(Consumer<? super E> handler);

  /**
   * Returns a source whose handlers are called only for events that pass the filter, in addition to the filters so far.
   *
   * <p>It is asked on the publishing thread, or on the executor of the bus or topic. A filter that throws is reported, and its handler is not
   * called. It must not lead back to the owner, and is checked as a handler is. What the JDK makes of several ({@code Predicate.and},
   * {@code Predicate.not}) cannot be looked into unless it captures nothing, and is refused: write a lambda, and call this once for each filter.
   */
  EventSource<E> filter(Predicate<? super E> filter);

  /**
   * Returns a source whose handlers are called before those of a lower priority, and in the order of subscription among those of the
   * same one. The default is 0.
   */
  EventSource<E> priority(int priority);

  /**
   * Returns a source whose handlers are called on the executor, each call a task of its own. A task that waits holds the event, but
   * not the owner: if the owner is collected or the subscription closed meanwhile, the task does nothing.
   *
   * <p>The executor must not lead back to the owner: it is refused if it is seen to. Most executors cannot be looked into, and are taken as they are.
   *
   * <p>A task that the executor rejects is reported as a failure; the other handlers are called all the same.
   */
  EventSource<E> executor(Executor executor);
}
