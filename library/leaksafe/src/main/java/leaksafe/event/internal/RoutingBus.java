package leaksafe.event.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import leaksafe.event.EventBus;
import leaksafe.event.EventSource;
import org.jspecify.annotations.Nullable;

/** The bus: a roster for each type that was subscribed to, and for each class that was published a snapshot of those rosters that take it. */
public final class RoutingBus extends Hub implements EventBus {
  private static final Comparator<Entry> BY_DELIVERY =
      Comparator.<Entry>comparingInt(e -> e.priority).reversed().thenComparingLong(e -> e.order);

  private final List<Class<?>> stickyTypes;

  // Volatile: publishes the types in it. Written under the lock.
  private volatile EventType.Table table = EventType.Table.EMPTY;

  // The type that last had its snapshot made, a guess at what is published next that needs no look at the table. Not written by a publication that
  // finds its snapshot, so that publishers of different classes do not write the same field in turn. Volatile, and written under the lock, as the table.
  private volatile @Nullable EventType recent;

  // Guarded by the lock. The keys are among the sticky types.
  private final Map<Class<?>, Kept> kept = new IdentityHashMap<>();
  private long nextKept;

  /** A sticky event, and its place in the order of publication. */
  private record Kept(Object event, long order) {}

  /** Creates a bus. */
  public RoutingBus(Settings settings) {
    super(settings, "bus");
    stickyTypes = settings.sticky();
    announce();
  }

  @Override
  public <E> EventSource<E> on(Class<E> type) {
    Values.checkEventType(type);
    return new Source<>(this, type, 0, null, null);
  }

  @Override
  public void publish(Object event) {
    Objects.requireNonNull(event, "event");
    Class<?> published = event.getClass();
    EventType type = recent;
    if (type == null || !type.refersTo(published)) {
      type = table.find(published);
    }
    Snapshot found = type == null ? null : type.direct;
    dispatch(found == null ? look(event) : found, event, true);
  }

  private Snapshot look(Object event) {
    lock.lock();
    try {
      checkOpen();
      EventType type = typeOf(event.getClass());
      Snapshot entries = type.snapshot;
      if (entries == null) {
        entries = snapshotFor(event.getClass());
        type.snapshot = entries;
      }
      if (type.isSticky) {
        keep(event);
      } else {
        type.direct = entries;
        recent = type;
      }
      return entries;
    } finally {
      lock.unlock();
    }
  }

  private EventType typeOf(Class<?> type) {
    EventType found = table.find(type);
    if (found == null) {
      found = new EventType(this, type, stickyTypes.stream().anyMatch(sticky -> sticky.isAssignableFrom(type)));
      table = table.with(found);
    }
    return found;
  }

  private Snapshot snapshotFor(Class<?> type) {
    List<Entry> entries = new ArrayList<>();
    int rosters = 0;
    for (EventType subscribed : table.types) {
      if (subscribed.roster.size() > 0 && subscribed.takes(type)) {
        subscribed.roster.collect(entries);
        rosters++;
      }
    }
    if (rosters > 1) {
      entries.sort(BY_DELIVERY);
    }
    return Snapshot.of(entries);
  }

  @Override
  Roster rosterFor(@Nullable Class<?> type) {
    return typeOf(Objects.requireNonNull(type)).roster;
  }

  @Override
  void changed(Roster roster) {
    EventType subscribed = roster.type;
    for (EventType type : table.types) {
      Class<?> published = type.get();
      if (subscribed != null && published != null && subscribed.takes(published)) {
        type.dropSnapshot();
      }
    }
  }

  /** Forgets a collected class. Nobody can publish an event of it any more. */
  void forget(EventType type) {
    List<Entry> ended = new ArrayList<>();
    lock.lock();
    try {
      type.roster.collect(ended);
      table = table.without(type);
      if (recent == type) {
        recent = null;
      }
    } finally {
      lock.unlock();
    }
    ended.forEach(Entry::close);
  }

  @Override
  List<Roster> rosters() {
    return Arrays.stream(table.types).map(type -> type.roster).toList();
  }

  private void keep(Object event) {
    Kept newest = new Kept(event, nextKept++);
    for (Class<?> sticky : stickyTypes) {
      if (sticky.isInstance(event)) {
        kept.put(sticky, newest);
      }
    }
  }

  @Override
  void forgetSticky() {
    kept.clear();
  }

  @Override
  List<Object> stickyOf(@Nullable Class<?> type) {
    if (kept.isEmpty() || type == null) {
      return List.of();
    }
    Map<Long, Object> byOrder = new TreeMap<>(); // an event of two sticky types is there twice, in one place of the order
    for (Kept each : kept.values()) {
      if (type.isInstance(each.event)) {
        byOrder.put(each.order, each.event);
      }
    }
    return List.copyOf(byOrder.values());
  }

  @Override
  public <E> @Nullable E sticky(Class<E> type) {
    checkSticky(type);
    lock.lock();
    try {
      return eventOf(type, kept.get(type));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public <E> @Nullable E clearSticky(Class<E> type) {
    checkSticky(type);
    lock.lock();
    try {
      return eventOf(type, kept.remove(type));
    } finally {
      lock.unlock();
    }
  }

  private static <E> @Nullable E eventOf(Class<E> type, @Nullable Kept kept) {
    return kept == null ? null : type.cast(kept.event);
  }

  private void checkSticky(Class<?> type) {
    Objects.requireNonNull(type, "type");
    if (!stickyTypes.contains(type)) {
      throw new IllegalArgumentException("type must be one that was declared sticky, but was " + type.getName() + "; declared are "
          + (stickyTypes.isEmpty() ? "none" : stickyTypes.stream().map(Class::getName).toList()) + ": say sticky(" + type.getSimpleName() + ".class) to the builder");
    }
  }
}
