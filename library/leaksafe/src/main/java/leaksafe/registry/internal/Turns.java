package leaksafe.registry.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import leaksafe.internal.Waits;

/**
 * Lets one thread at a time make the value of a key, under no lock: threads that want another key go on, threads that want the same key
 * wait. A thread that would wait for itself, directly or through other threads, is told so instead.
 */
public final class Turns {
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

  private static final class Turn implements Waits.Awaited {
    private final Thread owner = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final String container;
    private final Class<?> key;

    Turn(String container, Class<?> key) {
      this.container = container;
      this.key = key;
    }

    @Override
    public Thread owner() {
      return owner;
    }

    @Override
    public boolean hasEnded() {
      return ended.getCount() == 0;
    }

    @Override
    public String toString() {
      return "a " + key.getName() + " in " + container;
    }
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
    Turn mine = new Turn(name, key.getClass());
    Turn other = taken.putIfAbsent(new Identity(key), mine);
    if (other == null) {
      return true;
    }
    if (!Waits.begin(other)) {
      throw cycle(other, key);
    }
    try {
      await(other.ended);
    } finally {
      Waits.end();
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

  private IllegalStateException cycle(Turn wanted, Object key) {
    List<String> others = new ArrayList<>();
    for (Waits.Awaited at = wanted; at != null && at.owner() != Thread.currentThread(); at = Waits.of(at.owner())) {
      others.add(at.owner().getName());
    }
    return new IllegalStateException(name + ": the function for a " + key.getClass().getName() + " asks for the value that it is to make"
        + (others.isEmpty() ? "" : ", by way of thread " + String.join(", ", others)) + ", and would wait for ever: compute one from the other");
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
