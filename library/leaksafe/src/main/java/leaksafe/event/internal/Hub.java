package leaksafe.event.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.event.Subscription;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.Reachability;
import leaksafe.internal.Reports;
import org.jspecify.annotations.Nullable;

/**
 * What a topic and a bus have in common: their subscriptions, and how an event is brought to the entries of a snapshot.
 *
 * <p>Publishing takes no lock as long as it finds a snapshot. Whatever changes the subscriptions does so under the lock, and drops the
 * snapshots that it concerns; the next publication makes a new one under the lock. So a thousand subscriptions in a row cost
 * one copy, and a snapshot never outlives an entry that was removed from it.
 *
 * <p>Opaque to the search for paths to an owner: a handler may publish on the bus that holds it, and what the bus holds it holds weakly or
 * because it was told to.
 */
abstract class Hub implements Container, Reachability.Opaque {
  final ReentrantLock lock = new ReentrantLock();
  final @Nullable Executor executor;
  private final Settings settings;
  private final String kind;
  private final String name;
  private final String creationSite;
  private final LongAdder failures = new LongAdder();
  private final LongAdder unhandled = new LongAdder();
  private Containers.@Nullable Announcement announcement; // written before this is published

  // Guarded by the lock; the size is read without.
  private @Nullable OwnedHandlers ownedHandlers;
  private long nextOrder;
  private volatile int size;
  private boolean closed;

  Hub(Settings settings, String kind) {
    this.settings = settings;
    this.executor = settings.executor();
    this.kind = kind;
    this.creationSite = CallSite.capture();
    String given = settings.name();
    this.name = given == null ? Containers.defaultName(kind, creationSite) : given;
  }

  /** Makes this visible, and has the reaper poll for collected owners. */
  final void announce() {
    announcement = Containers.announce(this);
  }

  /** Returns the roster for what a source is for. Under the lock. */
  abstract Roster rosterFor(@Nullable Class<?> type);

  /** Drops the snapshots that have entries of the roster. Under the lock. */
  abstract void changed(Roster roster);

  /** Returns the rosters. Under the lock. */
  abstract List<Roster> rosters();

  /** Lets go of the sticky events. Under the lock. */
  abstract void forgetSticky();

  /** Returns the sticky events of the type, the oldest first. Under the lock. */
  abstract List<Object> stickyOf(@Nullable Class<?> type);

  /**
   * Adds a subscription, and brings it the sticky events.
   *
   * @param owner what is to be held weakly, or null for a subscription for ever
   */
  final Entry add(Source<?> source, @Nullable Object owner, Held<BiConsumer<Object, Object>> handler) {
    return add(source, owner, handler, null);
  }

  /** Adds a subscription whose handler lives in its owner. */
  final Entry addOwned(Source<?> source, Object owner, BiConsumer<Object, Object> handler) {
    OwnedHandlers handlers = ownedHandlers();
    handlers.keep(owner, handler);
    try {
      return add(source, owner, Held.weakly(handler), handlers);
    } catch (Throwable e) {
      handlers.drop(owner, handler);
      throw e;
    }
  }

  private OwnedHandlers ownedHandlers() {
    lock.lock();
    try {
      checkOpen();
      OwnedHandlers handlers = ownedHandlers;
      if (handlers == null) {
        handlers = new OwnedHandlers(name);
        ownedHandlers = handlers;
      }
      return handlers;
    } finally {
      lock.unlock();
    }
  }

  private Entry add(Source<?> source, @Nullable Object owner, Held<BiConsumer<Object, Object>> handler, @Nullable OwnedHandlers handlers) {
    Held<Predicate<Object>> filter = source.heldFilter(owner);
    Entry entry;
    List<Object> sticky;
    lock.lock();
    try {
      checkOpen();
      Roster roster = rosterFor(source.type());
      Binding binding = roster.bindingFor(handler, filter, source.executor());
      Object referent = owner == null ? binding : owner;
      entry = handlers == null ? new Entry(referent, binding, source.priority(), nextOrder++)
          : new OwnedEntry(referent, binding, source.priority(), nextOrder++, handlers);
      roster.add(entry);
      size++;
      changed(roster);
      sticky = stickyOf(source.type());
    } finally {
      lock.unlock();
    }
    for (Object event : sticky) {
      try {
        dispatch(Snapshot.of(List.of(entry)), event, false);
      } catch (Throwable e) { // of the executor; thrown to the subscriber, it would say that there is no subscription
        failed("executor", owner == null ? entry : owner, event, e);
      }
    }
    return entry;
  }

  /** Removes a subscription that has ended. */
  final void remove(Roster roster, Entry entry) {
    lock.lock();
    try {
      if (roster.drop(entry)) {
        size--;
        changed(roster);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends everything. */
  public final void close() {
    List<Entry> ended = new ArrayList<>();
    OwnedHandlers handlers;
    lock.lock();
    try {
      closed = true;
      for (Roster roster : rosters()) {
        roster.collect(ended);
        roster.clear();
        changed(roster);
      }
      size = 0;
      forgetSticky();
      handlers = ownedHandlers;
    } finally {
      lock.unlock();
    }
    ended.forEach(Entry::close);
    if (handlers != null) {
      handlers.close();
    }
    if (announcement != null) {
      announcement.withdraw();
    }
  }

  /** Throws if this is closed. Under the lock. */
  final void checkOpen() {
    if (closed) {
      throw new IllegalStateException(name + " is closed: it takes neither subscriptions nor events any more");
    }
  }

  /** Brings the event to the entries on this thread or the executor. */
  final void dispatch(Snapshot snapshot, Object event, boolean reportUnhandled) {
    if (executor == null) {
      deliver(snapshot, event, reportUnhandled);
    } else {
      executor.execute(new Publication(this, snapshot, event, reportUnhandled));
    }
  }

  /** A publication that waits on the executor of the hub. The entries hold their owners weakly. */
  private record Publication(Hub hub, Snapshot snapshot, Object event, boolean reportUnhandled) implements Runnable {
    @Override
    public void run() {
      hub.deliver(snapshot, event, reportUnhandled);
    }
  }

  /** Calls the handlers of the entries. */
  final void deliver(Snapshot snapshot, Object event, boolean reportUnhandled) {
    BiConsumer<Object, Object> handler = snapshot.onlyHandler;
    Entry entry = snapshot.onlyEntry;
    boolean handled;
    if (handler == null) {
      handled = callRows(snapshot, event);
    } else if (entry == null) {
      handled = callRow(snapshot.entries, 0, snapshot.entries.length, handler, event);
    } else {
      handled = callOne(entry, handler, event);
    }
    if (!handled && reportUnhandled) {
      unhandled(event);
    }
  }

  private boolean callRows(Snapshot snapshot, Object event) {
    Entry[] entries = snapshot.entries;
    boolean handled = false;
    int i = 0;
    for (Snapshot.Row row : snapshot.rows) {
      Binding binding = row.binding();
      BiConsumer<Object, Object> handler = binding.handler.held();
      if (handler != null && binding.isPlain()) {
        handled |= callRow(entries, i, row.end(), handler, event);
      } else if (handler != null) { // else the owners' class loader is gone, and so are they
        handled |= deliverSpecially(entries[i], binding, handler, event);
      }
      i = row.end();
    }
    return handled;
  }

  private boolean callOne(Entry entry, BiConsumer<Object, Object> handler, Object event) {
    Object owner = entry.get();
    if (owner == null) {
      return false;
    }
    try {
      handler.accept(owner, event);
    } catch (Throwable e) {
      failed("handler", owner, event, e);
    }
    return true;
  }

  /** Calls one handler for each of its owners: the loop has to look at nothing else. */
  private boolean callRow(Entry[] entries, int from, int to, BiConsumer<Object, Object> handler, Object event) {
    boolean handled = false;
    for (int i = from; i < to; i++) {
      Object owner = entries[i].get();
      if (owner != null) {
        handled = true;
        try {
          handler.accept(owner, event);
        } catch (Throwable e) {
          failed("handler", owner, event, e);
        }
      }
    }
    return handled;
  }

  /** Calls a handler that has a filter or an executor of its own, and returns whether it is for the event. */
  private boolean deliverSpecially(Entry entry, Binding binding, BiConsumer<Object, Object> handler, Object event) {
    Object owner = entry.get();
    // The filter is user's code, and may have closed the subscription: asked again, since the owner is held by now.
    if (owner == null || !passes(binding, owner, event) || entry.isClosed()) {
      return false;
    }
    if (binding.executor == null) {
      call(handler, owner, event);
      return true;
    }
    try {
      binding.executor.execute(new Call(this, entry, event));
    } catch (Throwable e) {
      failed("executor", owner, event, e);
    }
    return true;
  }

  private boolean passes(Binding binding, Object owner, Object event) {
    if (binding.filter == null) {
      return true;
    }
    var filter = binding.filter.held();
    try {
      return filter != null && filter.test(event);
    } catch (Throwable e) {
      failed("filter", owner, event, e);
      return false;
    }
  }

  /** A call that waits on the executor of a subscription. It is for nobody if the subscription ends meanwhile. */
  private record Call(Hub hub, Entry entry, Object event) implements Runnable {
    @Override
    public void run() {
      Object owner = entry.get();
      Binding binding = entry.binding;
      BiConsumer<Object, Object> handler = binding == null ? null : binding.handler.held();
      if (owner != null && handler != null) {
        hub.call(handler, owner, event);
      }
    }
  }

  private void call(BiConsumer<Object, Object> handler, Object owner, Object event) {
    try {
      handler.accept(owner, event);
    } catch (Throwable e) {
      failed("handler", owner, event, e);
    }
  }

  private void failed(String role, Object owner, Object event, Throwable cause) {
    if (cause instanceof StackOverflowError overflow && isByNestedPublications(overflow)) {
      throw overflow;
    }
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt(); // thrown past the compiler; whoever waits next must see it
    }
    failures.increment();
    String who = owner instanceof Binding || owner instanceof Entry ? "no owner" : "owner " + owner.getClass().getName();
    Reports.tell(settings.failureListener(), new Failure(name, role, who + ", event " + nameOf(event), cause));
  }

  // As Object.toString: users' code may throw, may be long, and may tell a log what it should not know.
  private static String nameOf(Object event) {
    return event.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(event));
  }

  /**
   * Returns whether the stack is full of publications inside of publications. If each level of such a chain went on with its next handler, which
   * starts the chain again, the number of calls would double with each level, and nobody would live to see the end.
   */
  private static boolean isByNestedPublications(StackOverflowError overflow) {
    int publications = 0;
    for (StackTraceElement frame : overflow.getStackTrace()) {
      if (frame.getClassName().equals(Hub.class.getName()) && frame.getMethodName().equals("deliver")) {
        publications++;
      }
    }
    return publications > 8;
  }

  private void unhandled(Object event) {
    unhandled.increment();
    Consumer<Object> listener = settings.unhandledListener();
    if (listener == null) {
      return;
    }
    try {
      listener.accept(event);
    } catch (Throwable e) {
      failures.increment();
      Reports.tell(settings.failureListener(), new Failure(name, "unhandled listener", "event " + nameOf(event), e));
    }
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String kind() {
    return kind;
  }

  @Override
  public final String creationSite() {
    return creationSite;
  }

  @Override
  public final long estimatedSize() {
    return size;
  }

  @Override
  public final String bound() {
    int sticky = settings.sticky().size();
    return sticky == 0 ? "weak owners" : "weak owners, " + sticky + " sticky event" + (sticky == 1 ? "" : "s");
  }

  @Override
  public final Map<String, Number> figures() {
    Map<String, Number> figures = new LinkedHashMap<>();
    figures.put("subscriptions", size);
    figures.put("failures", failures.sum());
    figures.put("unhandled", unhandled.sum());
    return figures;
  }

  @Override
  public final String toString() {
    return name;
  }
}
