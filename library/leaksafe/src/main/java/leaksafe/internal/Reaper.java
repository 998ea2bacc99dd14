package leaksafe.internal;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The library's one background thread. It ticks the {@link CoarseClock}, lets {@linkplain Client clients} do slices of work that is
 * due (sweep what expired, notice what is overdue), and reaps the references that the collector enqueued.
 *
 * <p>It is a daemon that is started by the first client and ends {@value #LINGER_MILLIS} ms after the last one is gone. It holds its
 * clients weakly, and while it waits it holds not even the library: see {@link DetachedThread}. So a class loader that brings its
 * own copy of the library can be collected although static fields of its classes hold containers.
 *
 * <p>Users' code never runs on it, or one hanging listener would stop the clock of every cache: clients hand callbacks to
 * {@link #userCodeExecutor}.
 */
public final class Reaper {
  /** For how long the thread stays without clients, in milliseconds, so that a client that comes and goes does not restart it. */
  static final long LINGER_MILLIS = 500;

  private static final long LONGEST_WAIT_MILLIS = 10_000;
  private static final int REFERENCES_A_ROUND = 1024;
  private static final long BACK_OFF_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();
  // Not the default executor of CompletableFuture, which from JDK 25 on is the common pool even if that has a single thread.
  private static final Executor USER_CODE = ForkJoinPool.getCommonPoolParallelism() > 1 ? ForkJoinPool.commonPool() : Reaper::runOnThreadOfItsOwn;

  // Guards the mutable state below. Never held while a client works, and no lock is taken inside it.
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Set<Registration> entries = new HashSet<>();
  private static final PriorityQueue<Registration> due = new PriorityQueue<>();
  private static int timedClients;
  private static boolean running;

  // Used by the thread alone.
  private static long idleSince;

  // The thread holds this weakly, and this field is all that keeps it: the thread ends with the library's class loader.
  private static final Function<@Nullable Reference<?>, @Nullable Long> ROUND = Reaper::round;

  private Reaper() {}

  /** Something that wants to be called from time to time, for as long as it is reachable. */
  public interface Client {

    /**
     * Does a slice of work, at most about a millisecond of it.
     *
     * @param nanoTime the current {@link System#nanoTime}
     * @return in how many nanoseconds it wants to be called again; 0 or less for as soon as the others had their turn,
     *     {@link Long#MAX_VALUE} for never unless {@link Registration#wake woken}
     */
    long work(long nanoTime);
  }

  /** A client's place with the reaper. */
  public static final class Registration extends WeakReference<Client> implements Reapable, Comparable<Registration> {
    private final boolean timed;
    private long dueAt; // guarded by LOCK
    private boolean working; // guarded by LOCK; a working entry is not in `due`
    private boolean woken; // guarded by LOCK; woken while it was working

    private Registration(Client client, boolean timed, long dueAt) {
      super(client, QUEUE);
      this.timed = timed;
      this.dueAt = dueAt;
    }

    /** Has the client called soon. Takes a lock: not for hot paths. */
    public void wake() {
      LOCK.lock();
      try {
        if (!entries.contains(this)) {
          return;
        }
        if (working) {
          woken = true;
          return;
        }
        due.remove(this);
        dueAt = System.nanoTime();
        due.add(this);
      } finally {
        LOCK.unlock();
      }
      nudge();
    }

    /** Takes the client off. Does nothing the second time. */
    public void cancel() {
      LOCK.lock();
      try {
        if (entries.remove(this)) {
          due.remove(this);
          timedClients -= timed ? 1 : 0;
        }
      } finally {
        LOCK.unlock();
      }
      clear();
    }

    /** The client was collected. */
    @Override
    public void reap() {
      cancel();
    }

    @Override
    public int compareTo(Registration that) {
      return Long.signum(dueAt - that.dueAt);
    }
  }

  /** Returns the queue for references that are {@link Reapable}. */
  public static ReferenceQueue<Object> queue() {
    return QUEUE;
  }

  /**
   * Returns the executor for users' callbacks that are caused by the reaper: the common pool, or a thread each where the common pool
   * has but one, which a callback that hangs would take from all others.
   */
  public static Executor userCodeExecutor() {
    return USER_CODE;
  }

  private static void runOnThreadOfItsOwn(Runnable task) {
    Thread thread = new Thread(null, task, "leaksafe-callback", 0, false);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Registers a client, which is held weakly, and has it called soon.
   *
   * @param timed whether the client reads the {@link CoarseClock}, which ticks as long as such a client is there
   */
  public static Registration register(Client client, boolean timed) {
    Registration registration;
    boolean start;
    LOCK.lock();
    try {
      if (timed && timedClients == 0) {
        CoarseClock.tick(); // it may have stood still for hours
      }
      registration = new Registration(client, timed, System.nanoTime());
      entries.add(registration);
      due.add(registration);
      timedClients += timed ? 1 : 0;
      start = !running;
      running = true;
    } finally {
      LOCK.unlock();
    }
    if (start) {
      start();
    } else {
      nudge();
    }
    return registration;
  }

  private static void start() {
    try {
      DetachedThread.start("leaksafe-reaper", ROUND, QUEUE);
    } catch (Throwable e) { // no memory for another thread, say: the next client tries again
      LOCK.lock();
      try {
        running = false;
      } finally {
        LOCK.unlock();
      }
      Reports.log("nothing expires by itself and nothing collected is let go until the reaper can be started", e);
    }
  }

  /** Wakes the thread from its wait on the queue. */
  private static void nudge() {
    new Nudge().enqueue();
  }

  private static final class Nudge extends WeakReference<Object> implements Reapable {
    Nudge() {
      super(QUEUE, QUEUE); // any object that outlives it; only the enqueueing matters
    }

    @Override
    public void reap() {}
  }

  /** One round: reaps, ticks, lets clients work. Answers with how long to wait, or null to end: see {@link DetachedThread}. */
  private static @Nullable Long round(@Nullable Reference<?> first) {
    reap(first);
    long now = CoarseClock.tick();
    while (workOne(now)) {
      // the next that is due
    }
    if (hasClients()) {
      idleSince = now;
    } else if (now - idleSince >= TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS) && ended()) {
      return null;
    }
    return waitMillis();
  }

  private static long waitMillis() {
    LOCK.lock();
    try {
      if (entries.isEmpty()) {
        return LINGER_MILLIS;
      }
      long most = timedClients > 0 ? TimeUnit.NANOSECONDS.toMillis(CoarseClock.TICK_NANOS) : LONGEST_WAIT_MILLIS;
      Registration first = due.peek();
      if (first == null) {
        return most;
      }
      // At least one, since ReferenceQueue.remove(0) waits for ever.
      return Math.max(1, Math.min(most, TimeUnit.NANOSECONDS.toMillis(first.dueAt - System.nanoTime())));
    } finally {
      LOCK.unlock();
    }
  }

  private static void reap(@Nullable Reference<?> first) {
    Reference<?> reference = first;
    for (int i = 1; reference != null; i++) {
      try {
        ((Reapable) reference).reap();
      } catch (Throwable e) {
        Reports.log("reaping a " + reference.getClass().getName() + " failed", e);
      }
      endInterruption();
      reference = i < REFERENCES_A_ROUND ? QUEUE.poll() : null;
    }
  }

  /** Lets the first client work if it is due. A method of its own, so that no frame holds a client while the thread waits. */
  private static boolean workOne(long now) {
    Registration registration;
    LOCK.lock();
    try {
      registration = due.peek();
      if (registration == null || registration.dueAt - now > 0) {
        return false;
      }
      due.poll();
      registration.working = true;
    } finally {
      LOCK.unlock();
    }
    Client client = registration.get();
    long delay = Long.MAX_VALUE; // of a collected client: its registration is about to be reaped
    if (client != null) {
      try {
        delay = client.work(now);
      } catch (Throwable e) {
        delay = BACK_OFF_NANOS;
        Reports.log("the work of a " + client.getClass().getName() + " failed and is tried again in a second", e);
      }
      endInterruption();
    }
    LOCK.lock();
    try {
      registration.working = false;
      if (registration.woken) {
        registration.woken = false;
        delay = 0;
      }
      if (delay != Long.MAX_VALUE && entries.contains(registration)) {
        // At least one nanosecond, so that this round ends.
        registration.dueAt = now + Math.max(1, Math.min(delay, Long.MAX_VALUE / 4));
        due.add(registration);
      }
    } finally {
      LOCK.unlock();
    }
    return true;
  }

  /** Users' code may have left one, if its executor runs it on the thread that hands it over: it is no concern of the next client's. */
  private static void endInterruption() {
    Thread.interrupted();
  }

  private static boolean hasClients() {
    LOCK.lock();
    try {
      return !entries.isEmpty();
    } finally {
      LOCK.unlock();
    }
  }

  /** Ends the thread unless a client came meanwhile: deciding and forgetting are one step, so that none is left without a thread. */
  private static boolean ended() {
    LOCK.lock();
    try {
      running = !entries.isEmpty();
      return !running;
    } finally {
      LOCK.unlock();
    }
  }

  /** Returns whether the thread is there, for tests. */
  static boolean isRunning() {
    LOCK.lock();
    try {
      return running;
    } finally {
      LOCK.unlock();
    }
  }
}
