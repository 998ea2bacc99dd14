package leaksafe.event.internal;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import leaksafe.event.EventSource;
import leaksafe.event.Listener;
import leaksafe.event.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A hub with options. What leaves this towards the hub is no longer typed: that a handler gets its owner and events of its type is
 * seen to here.
 *
 * @param hub where subscriptions go
 * @param type the type of the events, or null if the hub has one alone
 * @param priority of the subscriptions
 * @param filter of the subscriptions, or null
 * @param executor of the subscriptions, or null
 * @param <E> the type of the events
 */
record Source<E>(Hub hub, @Nullable Class<?> type, int priority, @Nullable Predicate<Object> filter, @Nullable Executor executor)
    implements EventSource<E> {

  @Override
  @SuppressWarnings("unchecked") // called with this owner and events of this source's type
  public <O> Subscription subscribe(O owner, BiConsumer<? super O, ? super E> handler) {
    Objects.requireNonNull(handler, "handler");
    checkOwner(owner);
    return hub.add(this, owner, Admission.of((BiConsumer<Object, Object>) handler, owner));
  }

  @Override
  @SuppressWarnings("unchecked") // called with events of this source's type
  public Subscription listen(Object owner, Listener<? super E> handler) {
    Objects.requireNonNull(handler, "handler");
    checkOwner(owner);
    Listener<Object> listener = (Listener<Object>) handler;
    if (Admission.livesInOwner(listener, owner, type)) {
      return hub.addOwned(this, owner, (self, event) -> listener.accept(event));
    }
    return hub.add(this, owner, Admission.of(listener, owner, type));
  }

  @Override
  @SuppressWarnings("unchecked") // called with events of this source's type
  public Subscription subscribeForever(Consumer<? super E> handler) {
    Objects.requireNonNull(handler, "handler");
    Consumer<Object> consumer = (Consumer<Object>) handler;
    return hub.add(this, null, Held.strongly((noOwner, event) -> consumer.accept(event)));
  }

  private void checkOwner(Object owner) {
    Values.checkOwner(owner);
    checkFilter(filter, owner);
    Admission.check("executor", executor, owner);
  }

  private static void checkFilter(@Nullable Predicate<Object> filter, Object owner) {
    if (filter instanceof Both both) {
      checkFilter(both.first, owner);
      checkFilter(both.second, owner);
    } else if (filter != null) {
      Admission.check("filter", filter, owner);
      Admission.checkIsOpen("filter", filter, owner);
    }
  }

  /** Returns the filter, held for as long as the owner lives. */
  @Nullable Held<Predicate<Object>> heldFilter(@Nullable Object owner) {
    return filter == null ? null : owner == null ? Held.strongly(filter) : Held.whileOwnerLives(filter, owner);
  }

  @Override
  @SuppressWarnings("unchecked") // asked about events of this source's type
  public EventSource<E> filter(Predicate<? super E> filter) {
    Predicate<Object> more = (Predicate<Object>) Objects.requireNonNull(filter, "filter");
    return new Source<>(hub, type, priority, this.filter == null ? more : new Both(this.filter, more), executor);
  }

  @Override
  public EventSource<E> priority(int priority) {
    return new Source<>(hub, type, priority, filter, executor);
  }

  @Override
  public EventSource<E> executor(Executor executor) {
    return new Source<>(hub, type, priority, filter, Objects.requireNonNull(executor, "executor"));
  }

  /** Two filters. Not {@code Predicate.and}, whose fields cannot be looked into. */
  private record Both(Predicate<Object> first, Predicate<Object> second) implements Predicate<Object> {
    @Override
    public boolean test(Object event) {
      return first.test(event) && second.test(event);
    }
  }
}
