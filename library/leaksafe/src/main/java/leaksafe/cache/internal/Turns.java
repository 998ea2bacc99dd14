package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which threads are calling the listener, and what each has to tell: so that what a listener causes is told after it has returned.
 *
 * <p>A thread takes the turn at the place that its number falls to, which allocates nothing. A thread that finds another's there has one of
 * its own, in a map. No thread-local variable: that would keep the cache for as long as a pooled thread lives.
 *
 * <p><b>Memory ordering.</b> A thread finds its own name in a turn only if it wrote that itself, and nobody else takes it out. The name is
 * set by a compare-and-set from null and cleared by a release, so what one teller left in a turn, the next one sees. A thread that looks for its
 * name in the map finds what it put there itself.
 */
final class Turns<K, V> {
  private static final int PLACES = Integer.highestOneBit(Math.min(16, 4 * Runtime.getRuntime().availableProcessors()));
  private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(Turn[].class);

  private final @Nullable Turn<K, V>[] places; // written by compare-and-set from null, once
  private final Map<Thread, Turn<K, V>> others = new ConcurrentHashMap<>();

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
  Turns() {
    places = new Turn[PLACES];
  }

  /** What one thread has to tell, in order. */
  static final class Turn<K, V> {
    private static final VarHandle TELLER;

    static {
      try {
        TELLER = MethodHandles.lookup().findVarHandle(Turn.class, "teller", Thread.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private @Nullable Thread teller;

    // The teller's own.
    private @Nullable Removal<K, V> first;
    private @Nullable Removal<K, V> last;

    private boolean takeFor(Thread thread) {
      return TELLER.compareAndSet(this, null, thread);
    }

    private boolean isOf(Thread thread) {
      return TELLER.getOpaque(this) == thread; // opaque: its own name only this thread writes
    }

    private void add(Removal<K, V> chain) {
      if (last == null) {
        first = chain;
      } else {
        last.next = chain;
      }
      last = chain;
      while (last.next != null) {
        last = last.next;
      }
    }

    /** Returns what is to be told next, and forgets it. */
    @Nullable Removal<K, V> take() {
      Removal<K, V> taken = first;
      first = null;
      last = null;
      return taken;
    }
  }

  /** Adds what left to the turn of this thread, and returns it if it has only just begun; null if this thread is telling already. */
  @Nullable Turn<K, V> begin(Removal<K, V> chain) {
    Thread current = Thread.currentThread();
    Turn<K, V> turn = at((int) current.getId() & PLACES - 1);
    if (turn.isOf(current)) {
      turn.add(chain);
      return null;
    }
    Turn<K, V> other = others.isEmpty() ? null : others.get(current);
    if (other != null) {
      other.add(chain);
      return null;
    }
    if (!turn.takeFor(current)) {
      turn = new Turn<>();
      others.put(current, turn);
    }
    turn.add(chain);
    return turn;
  }

  /** Ends a turn, of which nothing is left to tell. */
  void end(Turn<K, V> turn) {
    if (turn.teller == null) { // plain: nobody else writes it meanwhile
      others.remove(Thread.currentThread());
    } else {
      Turn.TELLER.setRelease(turn, null); // release: pairs with the next teller's compare-and-set
    }
  }

  private Turn<K, V> at(int place) {
    @SuppressWarnings("unchecked")
    Turn<K, V> turn = (Turn<K, V>) PLACE.getAcquire(places, place); // acquire: pairs with the compare-and-set, so that it is seen whole
    if (turn != null) {
      return turn;
    }
    Turn<K, V> made = new Turn<>();
    @SuppressWarnings("unchecked")
    Turn<K, V> before = (Turn<K, V>) PLACE.compareAndExchange(places, place, null, made);
    return before == null ? made : before;
  }
}
