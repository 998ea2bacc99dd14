package leaksafe.event.internal;

import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is called for a subscription, and how. Subscriptions in a row that differ in their owners alone share one, so that dispatch looks at the handler
 * once for all of them.
 */
final class Binding {
  final Roster roster;
  final Held<BiConsumer<Object, Object>> handler;
  final @Nullable Held<Predicate<Object>> filter;
  final @Nullable Executor executor;

  Binding(Roster roster, Held<BiConsumer<Object, Object>> handler, @Nullable Held<Predicate<Object>> filter, @Nullable Executor executor) {
    this.roster = roster;
    this.handler = handler;
    this.filter = filter;
    this.executor = executor;
  }

  /** Returns whether the handler is called for every event, and at once. */
  boolean isPlain() {
    return filter == null && executor == null;
  }

  /** Returns whether this calls the handler for every event, and at once. */
  boolean isPlainFor(Held<BiConsumer<Object, Object>> handler) {
    return isPlain() && this.handler.isSame(handler);
  }
}
