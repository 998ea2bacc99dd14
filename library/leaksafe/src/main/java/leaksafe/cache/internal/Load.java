package leaksafe.cache.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import leaksafe.RemovalCause;
import leaksafe.internal.Waits;
import org.jspecify.annotations.Nullable;

/**
 * A value that is being computed by a thread, outside every lock, and what the others can know about it. The fields are guarded by the
 * segment's lock unless they say otherwise.
 */
final class Load<K, V, N> implements Waits.Awaited {
  private static final int STRIPES = 64;
  private static final int APART = 8; // so that no two stripes share a line of the processor's cache
  // It only orders the loads of one thread in a message. Racy, where two threads share a stripe: an update may be lost, but what one thread
  // reads grows unless another writes at that moment, and a counter that all threads write would make every load wait for that line.
  private static final long[] STARTED = new long[STRIPES * APART];

  final K key;
  final int hash;
  /** Larger than that of every load that the same thread began before. */
  final long number;
  final Thread owner = Thread.currentThread();
  /** The node of the key if it was present: without a value as long as the load is running. */
  final @Nullable N node;
  /** The value before, which readers still get. */
  final @Nullable V old;
  @Nullable Load<K, V, N> next;

  private @Nullable CountDownLatch latch; // made by the first that waits
  private @Nullable RemovalCause fate;
  private @Nullable Set<Object> lostGroups; // that were invalidated since the load began
  private volatile @Nullable V result; // written before the latch opens
  private volatile boolean ended; // written before the latch opens: those that have not woken yet no longer wait for the owner

  Load(K key, int hash, @Nullable N node, @Nullable V old) {
    this.key = key;
    this.hash = hash;
    this.node = node;
    this.old = old;
    number = STARTED[((int) owner.getId() & STRIPES - 1) * APART]++;
  }

  /** What is computed shall not be stored: it leaves, for the given cause, before it came. */
  void supersede(RemovalCause cause) {
    fate = cause;
  }

  /** Returns why the result is not to be stored, or null if it is. */
  @Nullable RemovalCause fate() {
    return fate;
  }

  /** The group was invalidated: what is computed shall not be stored if it turns out to be of that group. */
  void loseGroup(Object group) {
    if (lostGroups == null) {
      lostGroups = new HashSet<>();
    }
    lostGroups.add(group);
  }

  /** Returns whether one of the groups was invalidated since the load began. */
  boolean hasLost(Object @Nullable [] groups) {
    if (lostGroups != null && groups != null) {
      for (Object group : groups) {
        if (lostGroups.contains(group)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Makes this load wait-able. Under the segment's lock, while the load is in its list. */
  void expectWaiter() {
    if (latch == null) {
      latch = new CountDownLatch(1);
    }
  }

  /**
   * Lets the waiters go, after the load was taken out of the segment's list under its lock: so all waiters are known. Where there are none nobody
   * ever asks again, and nothing is written.
   */
  void open(@Nullable V computed) {
    if (latch != null) {
      result = computed;
      ended = true;
      latch.countDown();
    }
  }

  @Override
  public Thread owner() {
    return owner;
  }

  @Override
  public boolean hasEnded() {
    return ended;
  }

  /**
   * Waits until the load has ended, and returns what it computed, or null if that was nothing. An interrupt does not end the wait, but is
   * kept for later.
   *
   * @param running returns the loads that a thread is running, in the order in which it began them
   * @throws IllegalStateException if the load waits for this thread
   */
  @Nullable V await(Function<Thread, List<? extends Load<?, ?, ?>>> running) {
    CountDownLatch opened = latch;
    if (opened == null) {
      throw new IllegalStateException("waits without having said so: this is a bug of the library");
    }
    if (!Waits.begin(this)) {
      throw new IllegalStateException("a value depends on itself: " + cycle(running) + key
          + "; a loader must not need, directly or through others, the key that it loads");
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          opened.await();
          return result;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      Waits.end();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private StringBuilder cycle(Function<Thread, List<? extends Load<?, ?, ?>>> running) {
    StringBuilder cycle = new StringBuilder();
    for (Waits.Awaited at = this; at != null; at = at.owner() == Thread.currentThread() ? null : Waits.of(at.owner())) {
      if (at instanceof Load<?, ?, ?> load) {
        for (Load<?, ?, ?> nested : running.apply(load.owner)) {
          if (nested.number >= load.number) {
            cycle.append(nested.key).append(" -> ");
          }
        }
      } else {
        cycle.append(at).append(" -> ");
      }
    }
    return cycle;
  }
}
