/**
 * Buses whose listeners go with their owners.
 *
 * <p>A {@link leaksafe.event.Topic} brings events of one kind to its handlers, an {@link leaksafe.event.EventBus} events of any class to the handlers
 * of its types. Both hold the owner of a handler weakly and see to it that the handler does not hold the owner: a handler gets its owner as an argument, or
 * is rebuilt so that it does, or is refused with the path by which it would have kept its owner.
 *
 * <p><b>From Guava's EventBus.</b> {@code bus.register(this)} and each method with {@code @Subscribe} become {@code bus.subscribe(this, Order.class,
 * CartView::onOrder)}; {@code unregister} goes, for the subscription ends with its owner; {@code post} is {@code publish};
 * {@code AsyncEventBus} is {@code EventBus.builder().executor(...)}; a handler of {@code DeadEvent} is the builder's {@code unhandledListener}; a
 * {@code SubscriberExceptionHandler} its {@code failureListener}. A component that nothing else holds must be held by somebody: Guava's bus did.
 *
 * <p><b>Why it is built so.</b> A bus with strong listeners leaks every owner that forgets to unsubscribe. A bus with weak listeners
 * loses every listener that is a lambda, since nobody but the bus holds it. What is meant is a third thing: the listener
 * lives as long as its owner. That is a weak reference to the owner beside a handler that does not reach it, and the type system sees to most of that:
 * where {@code CartView::onOrder} is asked for, {@code this::onOrder} does not compile.
 */
@NullMarked
package leaksafe.event;

import org.jspecify.annotations.NullMarked;
