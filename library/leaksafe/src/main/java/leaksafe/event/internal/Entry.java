package leaksafe.event.internal;

import java.lang.ref.WeakReference;
import leaksafe.event.Subscription;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reachability;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/**
 * One subscription: itself the weak reference to its owner, so that dispatch has one object less to go through. The owner of a
 * subscription for ever is its binding.
 *
 * <p>The referent is the state: cleared means ended. A thread that ended the entry sees it cleared, and so does any that heard of the end.
 */
class Entry extends WeakReference<Object> implements Subscription, Reapable, Reachability.Opaque {

  // Plain, and null once ended: a publication that sees the old binding after the end finds no owner to call it with. A race between
  // two that end the entry is benign, since the roster removes it once.
  @Nullable Binding binding;

  /** The place in the order of subscription, across the types of a bus. */
  final long order;

  final int priority;

  /** The place in the roster; guarded by the lock of the hub. */
  int index;

  Entry(Object owner, Binding binding, int priority, long order) {
    super(owner, Reaper.queue());
    this.binding = binding;
    this.priority = priority;
    this.order = order;
  }

  @Override
  public final boolean isClosed() {
    return refersTo(null);
  }

  @Override
  public void close() {
    Binding ended = binding;
    clear();
    binding = null;
    if (ended != null) {
      ended.roster.remove(this);
    }
  }

  /** The owner was collected. */
  @Override
  public final void reap() {
    close();
  }

  /** Returns where and for whom this is, by the names of classes: no code of the owner or the handler runs. */
  @Override
  public final String toString() {
    Object owner = get();
    Binding current = binding;
    if (owner == null || current == null) {
      return "Subscription[ended]";
    }
    EventType type = current.roster.type;
    Class<?> event = type == null ? null : type.get();
    return "Subscription[" + current.roster.hub.name() + ", " + (owner == current ? "for ever" : "of a " + owner.getClass().getName())
        + (event == null ? "" : ", to " + event.getName()) + "]";
  }
}
