package leaksafe.bench.event;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * The least that a list of listeners can do that holds them weakly and has no failing one stop the others: an array, in which each entry is the
 * weak reference to its owner, with its handler beside. Ended entries stay, nobody is told of a failure, and one thread alone may add.
 */
final class BareWeak implements Peer {
  private volatile Entry[] entries = {};
  private int failures;

  private static final class Entry extends WeakReference<Object> {
    final BiConsumer<Object, Object> handler;

    Entry(Object owner, BiConsumer<Object, Object> handler) {
      super(owner);
      this.handler = handler;
    }
  }

  @Override
  public Counter add() {
    Counter counter = new Counter();
    add(counter, Counter::accept);
    return counter;
  }

  @SuppressWarnings("unchecked") // called with this owner and events
  private <O> void add(O owner, BiConsumer<O, Event> handler) {
    BiConsumer<?, ?> untyped = handler;
    Entry[] more = Arrays.copyOf(entries, entries.length + 1);
    more[more.length - 1] = new Entry(owner, (BiConsumer<Object, Object>) untyped);
    entries = more;
  }

  @Override
  public void publish(Event event) {
    for (Entry entry : entries) {
      Object owner = entry.get();
      if (owner != null) {
        try {
          entry.handler.accept(owner, event);
        } catch (Throwable e) {
          failures++;
        }
      }
    }
  }
}
