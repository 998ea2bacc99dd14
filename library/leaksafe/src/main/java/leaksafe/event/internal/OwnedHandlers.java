package leaksafe.event.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import leaksafe.registry.WeakRegistry;

/**
 * Handlers that live in their owners, which are {@link leaksafe.registry.Attachable}. The hub holds such a handler weakly, so it may reach its
 * owner by whatever way: they are collected together.
 */
final class OwnedHandlers {
  private final WeakRegistry<Object, List<Object>> byOwner;

  OwnedHandlers(String hub) {
    byOwner = WeakRegistry.<Object, List<Object>>builder().name("handlers of " + hub).build();
  }

  /** Has the owner hold the handler. */
  void keep(Object owner, Object handler) {
    byOwner.computeIfAbsent(owner, one -> new CopyOnWriteArrayList<>()).add(handler);
  }

  /** Has the owner let go of the handler. */
  void drop(Object owner, Object handler) {
    List<Object> handlers = byOwner.get(owner);
    if (handlers != null) {
      handlers.removeIf(one -> one == handler);
    }
  }

  void close() {
    byOwner.close();
  }
}
