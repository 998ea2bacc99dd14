package leaksafe.registry.internal;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * Lets one thread at a time make the value of a key, under no lock: threads that want another key go on, threads that want the same key
 * wait. A thread that would wait for itself, directly or through other threads, is told so instead.
 */
public final class Turns {
  /** Who waits for which turn, in all containers: a cycle may go through several. Entries are there during a wait only. */
  private static final Map<Identity, Turn> WAITING = new ConcurrentHashMap<>();

  private final Map<Identity, Turn> taken = new ConcurrentHashMap<>();
  private final String name;

  /**
   * Creates it with no turn taken.
   *
   * @param name of the container, for messages
   */
  public Turns(String name) {
    this.name = name;
  }

  private static final class Turn {
    final Thread owner = Thread.currentThread();
    final CountDownLatch ended = new CountDownLatch(1);
  }

  /** A key, compared by identity. */
  private static final class Identity {
    final Object key;

    Identity(Object key) {
      this.key = key;
    }

    @Override
    public boolean equals(Object that) {
      return that instanceof Identity identity && identity.key == key;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(key);
    }
  }

  /**
   * Takes the turn for the key if nobody has it, and waits for the end of the turn of whoever has it otherwise. An interrupt does not end
   * the wait and is kept.
   *
   * @return whether the caller has the turn now and must {@link #leave} it; if not, it looks for the value and tries again
   * @throws IllegalStateException if this thread, or one that waits for this thread, has the turn
   */
  public boolean enter(Object key) {
    Turn mine = new Turn();
    Turn other = taken.putIfAbsent(new Identity(key), mine);
    if (other == null) {
      return true;
    }
    // First in, then look: of two threads that close a cycle at the same moment one at least sees the other.
    Identity me = new Identity(mine.owner);
    WAITING.put(me, other);
    try {
      requireNoCycle(other, key);
      await(other.ended);
    } finally {
      WAITING.remove(me);
    }
    return false;
  }

  /** Ends this thread's turn for the key. */
  public void leave(Object key) {
    Turn turn = taken.remove(new Identity(key));
    if (turn != null) {
      turn.ended.countDown();
    }
  }

  private void requireNoCycle(Turn wanted, Object key) {
    Set<Turn> seen = new LinkedHashSet<>();
    // It ends at a turn that has ended, since whoever waits for it is about to go on, and at a cycle that this thread is not part of.
    for (Turn turn = wanted; turn != null && turn.ended.getCount() > 0 && seen.add(turn); turn = WAITING.get(new Identity(turn.owner))) {
      if (turn.owner == Thread.currentThread()) {
        seen.remove(turn);
        String others = seen.stream().map(other -> other.owner.getName()).collect(Collectors.joining(", "));
        throw new IllegalStateException(name + ": the function for a " + key.getClass().getName() + " asks for the value that it is to make"
            + (others.isEmpty() ? "" : ", by way of thread " + others) + ", and would wait for ever: compute one from the other");
      }
    }
  }

  private static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
