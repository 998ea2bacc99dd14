package leaksafe.resource.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.Leak;
import leaksafe.LeakListener;
import leaksafe.internal.Reports;
import leaksafe.resource.LeakGroup;
import org.jspecify.annotations.Nullable;

/**
 * The leaks of one tracker: counted, grouped, and told to the listener, after the cleanup actions have run, on an executor and one after
 * the other. Bounded: at most {@value #MOST_GROUPS} groups, and at most {@value #MOST_PENDING} leaks wait for a slow listener; what
 * is beyond is counted.
 *
 * <p>Without a listener the log gets the first leak of each group, the second, the fourth and so on, each with the count, so that a
 * burst of a million does not become a million lines.
 */
final class LeakTally {
  static final int MOST_GROUPS = 1024;
  static final int MOST_PENDING = 4096;

  private final String tracker;
  private final String leakKind;
  private final @Nullable LeakListener listener;
  private final FailureListener failureListener;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private final Map<Key, Group> groups = new HashMap<>();
  private final ArrayDeque<Runnable> cleanups = new ArrayDeque<>(0);
  private final ArrayDeque<Told> pending = new ArrayDeque<>(0);
  private long untold;
  private @Nullable LeakListener untoldListener; // of the latest of them
  private long total;
  private @Nullable Turn turn; // of who tells what waits, or is about to

  LeakTally(String tracker, String leakKind, @Nullable LeakListener listener, FailureListener failureListener, Executor executor) {
    this.tracker = tracker;
    this.leakKind = leakKind;
    this.listener = listener;
    this.failureListener = failureListener;
    this.executor = executor;
  }

  private record Told(Leak leak, LeakListener listener) {}

  private record Key(String what, String site) {
    static final Key OTHER = new Key("(other classes and sites)", "(more than " + MOST_GROUPS + ")");

    // By hand, as the hash code: what the compiler generates for a record keeps its class loader alive for ever once it has run.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that && what.equals(that.what) && site.equals(that.site);
    }

    @Override
    public int hashCode() {
      return 31 * what.hashCode() + site.hashCode();
    }
  }

  private static final class Group {
    long count;
    long withoutListener;
    Leak latest;

    Group(Leak first) {
      this.latest = first;
    }
  }

  /**
   * Counts a leak and has its cleanup action run and a listener told: its own, or else the tracker's. Called by the reaper: no code of
   * users runs here.
   */
  void add(Leak leak, @Nullable Runnable cleanup, @Nullable LeakListener own) {
    LeakListener told = own == null ? listener : own;
    Turn next;
    lock.lock();
    try {
      total++;
      Group group = count(leak);
      if (cleanup != null) {
        cleanups.add(cleanup);
      }
      if (told != null) {
        enqueue(new Told(leak, told));
      } else if (Long.bitCount(++group.withoutListener) == 1) {
        enqueue(new Told(counted(leak, group.withoutListener), LeakListener.logging()));
      }
      next = nextTurn();
    } finally {
      lock.unlock();
    }
    start(next);
  }

  /** Under the lock: returns the next turn, or null if somebody has it already or nothing waits. */
  private @Nullable Turn nextTurn() {
    if (turn != null || (cleanups.isEmpty() && pending.isEmpty() && untoldListener == null)) {
      return null;
    }
    turn = new Turn();
    return turn;
  }

  /** Has what waits told if the executor failed before. Returns whether it waits still. */
  boolean retry() {
    Turn next;
    lock.lock();
    try {
      next = nextTurn();
    } finally {
      lock.unlock();
    }
    return !start(next);
  }

  private Group count(Leak leak) {
    Key key = new Key(leak.what(), leak.site());
    Group group = groups.get(key);
    if (group == null && groups.size() >= MOST_GROUPS) {
      key = Key.OTHER;
      group = groups.get(key);
    }
    if (group == null) {
      group = new Group(leak);
      groups.put(key, group);
    }
    group.latest = leak;
    group.count++;
    return group;
  }

  private void enqueue(Told one) {
    if (pending.size() < MOST_PENDING) {
      pending.add(one);
    } else {
      untold++;
      untoldListener = one.listener;
    }
  }

  private static Leak counted(Leak leak, long count) {
    if (count == 1) {
      return leak;
    }
    List<String> hints = new ArrayList<>(leak.hints());
    hints.add("number " + count + " of its class and site");
    return new Leak(leak.container(), leak.kind(), leak.what(), leak.site(), leak.age(), hints);
  }

  /** Hands a turn to the executor, if there is one. Returns false if the executor failed. */
  private boolean start(@Nullable Turn next) {
    if (next == null) {
      return true;
    }
    try {
      executor.execute(next);
      return true;
    } catch (Throwable e) { // no memory for a thread, say: the next leak tries again, or the next second
      boolean lost = next.giveUp();
      Reports.log(tracker + (lost ? ": leaks could not be told yet" : ": leaks are told, though the executor failed"), e);
      return !lost;
    }
  }

  /**
   * The right to tell what waits. It is given up when the executor throws; should the executor run it all the same, as the common pool does with what it
   * queued when a thread could not be started, somebody else may be at it by then.
   */
  private final class Turn implements Runnable {
    private boolean begun; // guarded by lock

    @Override
    public void run() {
      lock.lock();
      try {
        if (turn != this) {
          return;
        }
        begun = true;
      } finally {
        lock.unlock();
      }
      drain();
    }

    /** Returns false if it has begun, and perhaps ended. */
    boolean giveUp() {
      lock.lock();
      try {
        if (begun) {
          return false;
        }
        turn = null;
        return true;
      } finally {
        lock.unlock();
      }
    }
  }

  private void drain() {
    boolean drained = false;
    try {
      while (step()) {
        // the next action or leak
      }
      drained = true;
    } finally {
      if (!drained) { // even the log failed: that is for the thread's handler, and the rest for another task
        endTurn();
        retry();
      }
    }
  }

  private void endTurn() {
    lock.lock();
    try {
      turn = null;
    } finally {
      lock.unlock();
    }
  }

  private boolean step() {
    Runnable cleanup;
    Told told = null;
    lock.lock();
    try {
      cleanup = cleanups.poll();
      if (cleanup == null) {
        told = next();
        if (told == null) {
          turn = null;
          return false;
        }
      }
    } finally {
      lock.unlock();
    }
    try {
      if (cleanup != null) {
        cleanUp(cleanup);
      } else if (told != null) {
        Reports.tell(told.listener, told.leak);
      }
    } finally {
      // An interrupt that it left is for nobody: not for the next one's waits, nor for what else runs on this thread.
      Thread.interrupted();
    }
    return true;
  }

  private @Nullable Told next() {
    Told next = pending.poll();
    if (next == null && untoldListener != null) {
      next = new Told(new Leak(tracker, leakKind, untold + " more", Leak.NOT_SAMPLED, Duration.ZERO,
          List.of("the listener was behind; these were counted but not told one by one")), untoldListener);
      untold = 0;
      untoldListener = null;
    }
    return next;
  }

  private void cleanUp(Runnable cleanup) {
    try {
      cleanup.run();
    } catch (Throwable e) {
      Reports.tell(failureListener, new Failure(tracker, "cleanup action", cleanup.getClass().getName(), e));
    }
  }

  long total() {
    lock.lock();
    try {
      return total;
    } finally {
      lock.unlock();
    }
  }

  List<LeakGroup> groups() {
    lock.lock();
    try {
      return groups.entrySet().stream()
          .map(e -> new LeakGroup(e.getKey().what(), e.getKey().site(), e.getValue().count, e.getValue().latest))
          .sorted((a, b) -> Long.compare(b.count(), a.count())).toList();
    } finally {
      lock.unlock();
    }
  }
}
