package leaksafe.event.internal;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/**
 * What a bus knows of one class: who subscribed to it, and to whom an event of it goes. Itself the weak reference to the class, so that
 * a bus keeps neither the classes of events nor their loaders.
 */
final class EventType extends WeakReference<Class<?>> implements Reapable {
  final Roster roster;
  private final RoutingBus bus;
  private final int hash;

  /** Whether a sticky type is a supertype, or it. */
  final boolean isSticky;

  // What publish may iterate without looking further, null while it must look.
  // Volatile: publishes the entries, which are written before.
  volatile @Nullable Snapshot direct;

  // Guarded by the lock of the bus.
  @Nullable Snapshot snapshot;

  EventType(RoutingBus bus, Class<?> type, boolean isSticky) {
    super(type, Reaper.queue());
    this.bus = bus;
    this.roster = new Roster(bus, this);
    this.hash = type.hashCode();
    this.isSticky = isSticky;
  }

  /** Returns whether events of the class are events of this type. */
  boolean takes(Class<?> type) {
    Class<?> own = get();
    return own != null && own.isAssignableFrom(type);
  }

  void dropSnapshot() {
    snapshot = null;
    direct = null;
  }

  /** The class was collected. */
  @Override
  public void reap() {
    bus.forget(this);
  }

  /** A table of types by class, open addressing with a quarter to a half of it used. It is never changed once it is published. */
  static final class Table {
    static final Table EMPTY = new Table(new EventType[0]);

    final EventType[] types;
    private final @Nullable EventType[] slots;

    Table(EventType[] types) {
      this.types = types;
      slots = new EventType[Math.max(4, Integer.highestOneBit(types.length * 4))];
      for (EventType type : types) {
        int at = type.hash & (slots.length - 1);
        while (slots[at] != null) {
          at = (at + 1) & (slots.length - 1);
        }
        slots[at] = type;
      }
    }

    @Nullable EventType find(Class<?> type) {
      for (int at = type.hashCode(); ; at++) {
        EventType found = slots[at & (slots.length - 1)];
        if (found == null || found.refersTo(type)) {
          return found;
        }
      }
    }

    Table with(EventType type) {
      EventType[] more = Arrays.copyOf(types, types.length + 1);
      more[types.length] = type;
      return new Table(more);
    }

    Table without(EventType type) {
      return new Table(Arrays.stream(types).filter(t -> t != type).toArray(EventType[]::new));
    }
  }
}
