package leaksafe.registry;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;
import leaksafe.registry.internal.Turns;
import leaksafe.registry.internal.WeakTable;
import org.jspecify.annotations.Nullable;

/**
 * A value for each thread that asks for one.
 *
 * <p>Unlike with {@link ThreadLocal}, the values belong to this object and not to the threads. They die with it, though the threads of
 * a pool live on; they can be visited; they are closed when their thread ends, or all at once by {@link #close}. A thread holds nothing of
 * it, so no class loader is kept by a pool's threads, and a virtual thread does not pay for a map of thread-locals.
 *
 * <p><b>Release.</b> The value of a thread that ended is let go, and given to the closer, within two seconds, even if it refers to the
 * thread, and though nobody uses this object.
 *
 * <p><b>Cost.</b> {@link #get} is O(1), lock-free and allocates nothing. A thread's value takes about 56 bytes beside the value itself.
 * <p><b>Threads.</b> Safe for use by many threads. The supplier and the closer never run under a lock.
 *
 * <p><b>Not promised.</b> That values are closed when this object is dropped without being closed: they are collected only. That nobody
 * uses a value which is being closed by {@link #close}: it is for the caller to know that the threads have done their work.
 *
 * @param <T> the type of the values
 */
public final class PerThread<T> implements AutoCloseable {
  private final String name;
  private final Supplier<? extends T> initial;
  private final Closing<T> closing;
  private final WeakTable<Thread, T> values;
  private final Turns turns;

  @SuppressWarnings("unused") // held for the reaper, which holds it weakly
  private final Sweeper<T> sweeper;
  private final Reaper.Registration registration;
  @SuppressWarnings("unused") // held for the census, which holds it weakly
  private final Inventory inventory;
  private final Containers.Announcement announcement;

  private PerThread(Builder<T> builder) {
    String site = CallSite.capture();
    String given = builder.name;
    name = given == null ? Containers.defaultName("perthread", site) : given;
    initial = builder.initial;
    Closing<T> closer = new Closing<>(name, builder.closer, builder.failureListener);
    WeakTable<Thread, T> table = new WeakTable<>(name, closer::later);
    closing = closer;
    values = table;
    turns = new Turns(name);
    sweeper = new Sweeper<>(table, closer);
    registration = Reaper.register(sweeper, false);
    inventory = new Inventory(name, "perthread", site, "live threads", table::estimatedSize);
    announcement = Containers.announce(inventory);
  }

  /**
   * Returns a builder.
   *
   * @param initial makes the value of a thread, on that thread, when it first asks for it
   */
  public static <T> Builder<T> builder(Supplier<? extends T> initial) {
    return new Builder<>(Objects.requireNonNull(initial, "initial"));
  }

  /**
   * Returns the value of the current thread, which is made if there is none.
   *
   * @throws IllegalStateException if this is closed, or the supplier asks for the value that it is to make
   * @throws NullPointerException if the supplier returns null
   */
  public T get() {
    Thread thread = Thread.currentThread();
    T value = values.get(thread);
    return value == null ? make(thread) : value;
  }

  private T make(Thread thread) {
    values.requireOpen();
    turns.enter(thread); // which nobody else does for this thread: it throws if this thread is in it already
    try {
      T made = Objects.requireNonNull(initial.get(), () -> name + ": the supplier returned null, must return a value");
      try {
        values.put(thread, made);
      } catch (IllegalStateException e) { // closed meanwhile
        closing.now(made);
        throw e;
      }
      return made;
    } finally {
      turns.leave(thread);
    }
  }

  /** Removes the current thread's value, if there is one, and gives it to the closer. */
  public void remove() {
    T removed = values.remove(Thread.currentThread());
    if (removed != null) {
      closing.now(removed);
    }
  }

  /**
   * Shows the threads that have a value, with their values, in no order. A value that is there all the time is shown exactly once, one
   * that comes or goes meanwhile at most once. The threads may be using their values at the same time.
   */
  public void forEach(BiConsumer<? super Thread, ? super T> action) {
    values.forEach(Objects.requireNonNull(action, "action"));
  }

  /** Returns about how many threads have a value. Those that ended, but were not yet noticed, count. */
  public long estimatedSize() {
    return values.estimatedSize();
  }

  /**
   * Removes the values of all threads and gives them to the closer, on this thread. From now on no thread gets a value. Does nothing the
   * second time.
   */
  @Override
  public void close() {
    values.close(closing::now);
    registration.cancel();
    announcement.withdraw();
  }

  /** Returns the name and the estimated size. */
  @Override
  public String toString() {
    return "PerThread[" + name + ", about " + estimatedSize() + " values]";
  }

  /** How a value is closed. */
  private record Closing<T>(String name, @Nullable Consumer<? super T> closer, FailureListener listener) {

    void now(T value) {
      if (closer == null) {
        return;
      }
      try {
        closer.accept(value);
      } catch (Throwable e) {
        Reports.tell(listener, new Failure(name, "closer", "", e));
      }
    }

    /** For the reaper, on whose thread users' code must not run. */
    void later(T value) {
      if (closer != null) {
        Reaper.userCodeExecutor().execute(() -> now(value));
      }
    }
  }

  /** Looks for threads that ended. The collector would find most of them, but none that its own value refers to. */
  private static final class Sweeper<T> implements Reaper.Client {
    private static final long INTERVAL_NANOS = 1_000_000_000;
    private static final int BINS_A_SLICE = 2048;

    private final WeakTable<Thread, T> values;
    private final Closing<T> closing;
    private int next;

    Sweeper(WeakTable<Thread, T> values, Closing<T> closing) {
      this.values = values;
      this.closing = closing;
    }

    @Override
    public long work(long nanoTime) {
      next = values.removeIf(next, BINS_A_SLICE, (thread, value) -> !thread.isAlive(), closing::later);
      return next == 0 ? INTERVAL_NANOS : 0;
    }
  }

  /**
   * Builds a {@link PerThread}.
   *
   * @param <T> the type of the values
   */
  public static final class Builder<T> {
    private final Supplier<? extends T> initial;
    private @Nullable String name;
    private @Nullable Consumer<? super T> closer;
    private FailureListener failureListener = FailureListener.logging();

    private Builder(Supplier<? extends T> initial) {
      this.initial = initial;
    }

    /** Sets the name for reports and messages. By default it is made from the line of code that builds it. */
    public Builder<T> name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets what is done with a value that was removed: on the thread that removes it, or, if its thread ended, on a thread of the
     * library's choosing. By default nothing is done.
     */
    public Builder<T> closer(Consumer<? super T> closer) {
      this.closer = Objects.requireNonNull(closer, "closer");
      return this;
    }

    /** Sets who is told of what the closer throws. By default it is logged. */
    public Builder<T> failureListener(FailureListener listener) {
      this.failureListener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /** Builds it. */
    public PerThread<T> build() {
      return new PerThread<>(this);
    }
  }
}
