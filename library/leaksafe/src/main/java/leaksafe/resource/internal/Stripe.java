package leaksafe.resource.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The chunks that some of the threads fill. Claims come from the current chunk without a lock; when it is full, the next is one that
 * is at most half full, or a new one. So finding a place costs O(1), spread over 32 claims, and at least about half of the places
 * that exist are taken, until objects are closed faster than others are opened: then {@link #sweep} drops empty chunks.
 */
final class Stripe {
  private static final VarHandle CURRENT;

  static {
    try {
      CURRENT = MethodHandles.lookup().findVarHandle(Stripe.class, "current", Chunk.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final TrackerCore core;
  private final Function<Stripe, Chunk> newChunk;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Chunk> chunks = new ArrayList<>(1); // guarded by lock
  private final ArrayDeque<Chunk> roomy = new ArrayDeque<>(1); // guarded by lock

  @SuppressWarnings("unused") // by CURRENT; written under lock
  private Chunk current;

  Stripe(TrackerCore core) {
    this(core, Chunk::new);
  }

  /** For tests, which bring chunks of their own. */
  Stripe(TrackerCore core, Function<Stripe, Chunk> newChunk) {
    this.core = core;
    this.newChunk = newChunk;
    this.current = newChunk.apply(this);
    chunks.add(current);
  }

  /** Returns the chunk to claim a place in; if that fails, {@link #next} has another. */
  Chunk current() {
    return (Chunk) CURRENT.getVolatile(this);
  }

  /** Returns a chunk with room, where the given one has none. */
  Chunk next(Chunk full) {
    lock.lock();
    try {
      if (current() != full) {
        return current();
      }
      Chunk next = roomy.poll();
      if (next == null) {
        next = newChunk.apply(this);
        chunks.add(next);
      } else {
        next.roomy = false;
      }
      CURRENT.setVolatile(this, next);
      noteRoom(full); // see release()
      return next;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a place back, and remembers the chunk once it is half empty.
   *
   * <p>The current chunk needs no remembering. No chunk is forgotten: the change of the map that makes it half empty comes before our
   * reading of the current chunk, and {@link #next} reads the map after it made another chunk current. All four are volatile, so one
   * of the two sees the other.
   */
  void release(Chunk chunk, int slot) {
    int before = chunk.free(slot);
    if (before == Chunk.HALF + 1 && chunk != current()) {
      lock.lock();
      try {
        if (chunk != current()) {
          noteRoom(chunk);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void noteRoom(Chunk chunk) {
    if (!chunk.roomy && chunk.count() <= Chunk.HALF) {
      chunk.roomy = true;
      roomy.add(chunk);
    }
  }

  /** Drops the chunks that are empty, the current one aside. */
  void sweep() {
    lock.lock();
    try {
      if (roomy.isEmpty()) {
        return;
      }
      if (roomy.removeIf(Chunk::retire)) {
        chunks.removeIf(Chunk::isRetired);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many places are taken. Under the lock, for a chunk that is dropped meanwhile would count as full. */
  long count() {
    lock.lock();
    try {
      long count = 0;
      for (Chunk chunk : chunks) {
        count += chunk.count();
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the chunks of now. */
  List<Chunk> chunks() {
    lock.lock();
    try {
      return List.copyOf(chunks);
    } finally {
      lock.unlock();
    }
  }
}
