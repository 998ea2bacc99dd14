package leaksafe.event.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import leaksafe.event.EventSource;
import leaksafe.event.Listener;
import leaksafe.event.Subscription;
import leaksafe.event.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The topic: one roster, one snapshot of it.
 *
 * @param <E> the type of the events
 */
public final class SnapshotTopic<E> extends Hub implements Topic<E> {
  private final Roster roster = new Roster(this, null);
  private final Source<E> all = new Source<>(this, null, 0, null, null);
  private final boolean isSticky;

  // What publish may iterate without looking further; null while it must look: no snapshot, or a sticky topic, or closed.
  // Volatile: publishes the entries, which are written before.
  private volatile @Nullable Snapshot direct;

  // Guarded by the lock.
  private @Nullable Snapshot snapshot;
  private @Nullable E last;

  /** Creates a topic. */
  public SnapshotTopic(Settings settings) {
    super(settings, "topic");
    isSticky = !settings.sticky().isEmpty();
    announce();
  }

  @Override
  public void publish(E event) {
    Objects.requireNonNull(event, "event");
    Snapshot found = direct;
    dispatch(found == null ? look(event) : found, event, true);
  }

  private Snapshot look(E event) {
    lock.lock();
    try {
      checkOpen();
      Snapshot entries = snapshot;
      if (entries == null) {
        List<Entry> list = new ArrayList<>(roster.size());
        roster.collect(list);
        entries = Snapshot.of(list);
        snapshot = entries;
      }
      if (isSticky) {
        last = event;
      } else {
        direct = entries;
      }
      return entries;
    } finally {
      lock.unlock();
    }
  }

  @Override
  Roster rosterFor(@Nullable Class<?> type) {
    return roster;
  }

  @Override
  void changed(Roster roster) {
    snapshot = null;
    direct = null;
  }

  @Override
  List<Roster> rosters() {
    return List.of(roster);
  }

  @Override
  void forgetSticky() {
    last = null;
  }

  @Override
  List<Object> stickyOf(@Nullable Class<?> type) {
    return last == null ? List.of() : List.of(last);
  }

  @Override
  public @Nullable E sticky() {
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable E clearSticky() {
    lock.lock();
    try {
      E cleared = last;
      last = null;
      return cleared;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public <O> Subscription subscribe(O owner, BiConsumer<? super O, ? super E> handler) {
    return all.subscribe(owner, handler);
  }

  @Override
  public Subscription listen(Object owner, Listener<? super E> handler) {
    return all.listen(owner, handler);
  }

  @Override
  public Subscription subscribeForever(Consumer<? super E> handler) {
    return all.subscribeForever(handler);
  }

  @Override
  public EventSource<E> filter(Predicate<? super E> filter) {
    return all.filter(filter);
  }

  @Override
  public EventSource<E> priority(int priority) {
    return all.priority(priority);
  }

  @Override
  public EventSource<E> executor(Executor executor) {
    return all.executor(executor);
  }
}
