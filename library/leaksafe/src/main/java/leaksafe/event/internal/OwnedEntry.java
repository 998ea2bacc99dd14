package leaksafe.event.internal;

/** A subscription whose handler lives in its owner, and leaves it when the subscription ends. */
final class OwnedEntry extends Entry {
  private final OwnedHandlers handlers;

  OwnedEntry(Object owner, Binding binding, int priority, long order, OwnedHandlers handlers) {
    super(owner, binding, priority, order);
    this.handlers = handlers;
  }

  @Override
  public void close() {
    Object owner = get();
    Binding ended = binding;
    super.close();
    Object handler = ended == null ? null : ended.handler.get();
    if (owner != null && handler != null) {
      handlers.drop(owner, handler);
    }
  }
}
