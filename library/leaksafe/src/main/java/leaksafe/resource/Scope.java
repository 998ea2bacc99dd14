package leaksafe.resource;

import static java.util.Objects.requireNonNull;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.internal.Reports;
import leaksafe.resource.internal.Closing;
import leaksafe.resource.internal.CommonPool;
import leaksafe.resource.internal.Entries;
import leaksafe.resource.internal.Entry;
import leaksafe.resource.internal.ScopeState;
import leaksafe.resource.internal.Scopes;
import leaksafe.resource.internal.ThreadEntry;
import org.jspecify.annotations.Nullable;

/**
 * Owns any number of resources, actions, executors, threads and other scopes, and closes them in reverse order: Python's {@code
 * ExitStack} for Java.
 *
 * <p><b>Closing.</b> Everything is closed, whatever fails. The first failure is thrown, the others are suppressed by it, in the order in
 * which they happened. A failure that is unchecked is thrown as it is; a checked one, or one that can suppress no others where there are others, is the
 * cause of a {@link ScopeCloseException}. If two throw the same object, it is kept once where it is the first.
 * Closing again does nothing. What is given to a closed scope is closed at once, and the call throws: so nothing is lost, whatever the
 * order of events.
 *
 * <p><b>Interruption.</b> If the closing thread is interrupted while the scope waits for an executor or a thread, this and all further
 * waits of the scope are cut short, everything is closed nevertheless, and the thread's interrupt status is set again at the end.
 *
 * <p><b>Threads.</b> Safe for use by many threads. One thread closes: the first that calls {@link #close}; a call on another thread, or
 * in a closer, returns at once; {@link #awaitClosed} waits. What is added happens-before its closing. Closers and actions run on the
 * closing thread, under no lock.
 *
 * <p><b>Bound.</b> A scope holds what it owns until it is closed; child scopes that were closed and threads that ended leave it before,
 * and so does what is {@linkplain #closeNow closed} or {@linkplain #disown taken out} early. A scope that is dropped without having been
 * closed is reported with the line that opened it. It is not closed then: what it owned may still be in use. A child scope that is dropped is not
 * reported: its parent has it until the parent is closed, and closes it.
 *
 * <p><b>Cost.</b> Opening captures the call site, about a microsecond; adding is O(1), and O(depth) in a child scope; where there is an owner, a bounded
 * search comes before it.
 *
 * {@snippet :
 * try (Scope scope = Scope.open("import")) {
 *   InputStream in = scope.own(Files.newInputStream(path));
 *   Server server = scope.own(Server.start(), Server::stop);
 *   scope.defer(() -> Files.deleteIfExists(temporary));
 *   ExecutorService workers = scope.adopt(Executors.newFixedThreadPool(4), Duration.ofSeconds(5));
 * }
 * }
 */
public final class Scope implements AutoCloseable {
  private static final Duration THREAD_TIMEOUT = Duration.ofSeconds(10);

  private final ScopeState state;

  private Scope(ScopeState state) {
    this.state = state;
  }

  /** Opens a scope. The name is for reports and messages. */
  public static Scope open(String name) {
    return named(name).open();
  }

  /**
   * Opens a scope for as long as its owner lives: see {@link Builder#owner}. Keep it in a field of the owner, and close it when the owner
   * is closed.
   */
  public static Scope openFor(Object owner, String name) {
    return named(name).owner(owner).open();
  }

  /** Returns a builder of a scope. */
  public static Builder named(String name) {
    return new Builder(requireNonNull(name, "name"));
  }

  /**
   * Runs a body in a scope, which has {@linkplain #succeed succeeded} if the body returns. If the body throws, its exception is thrown, and
   * suppresses what fails in closing.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T call(String name, ScopeBody<T, X> body) throws X {
    requireNonNull(body, "body");
    Scope scope = open(name);
    T result;
    try {
      result = body.run(scope);
    } catch (Throwable e) {
      scope.closeAfter(e);
      throw e;
    }
    scope.state.succeed(); // unless another thread closed it
    scope.close();
    return result;
  }

  private void closeAfter(Throwable thrown) {
    List<Throwable> failures;
    try {
      failures = state.closeKeepingFailures();
    } finally {
      Reference.reachabilityFence(this); // see close()
    }
    if (!Closing.suppressAll(thrown, failures)) {
      for (Throwable failure : failures) { // an exception that takes no suppressed ones
        Reports.tell(state.failureListener(), new Failure(state.name(), "closer", "after " + Reports.line(thrown), failure));
      }
    }
  }

  /** Returns the name. */
  public String name() {
    return state.name();
  }

  /**
   * Owns a resource, and returns it.
   *
   * @throws IllegalStateException if this scope is closed; the resource has been closed then
   * @throws IllegalArgumentException if this scope is bound to an owner that the resource reaches, with the path; the resource has been
   *     closed then
   */
  public <T extends AutoCloseable> T own(T resource) {
    state.add(Entries.owned(requireNonNull(resource, "resource"), AutoCloseable::close));
    return resource;
  }

  /**
   * Owns an object that is let go of in its own way, and returns it.
   *
   * @throws IllegalStateException if this scope is closed; the closer has been called then
   * @throws IllegalArgumentException if this scope is bound to an owner that the object or the closer reaches, with the path; the closer
   *     has been called then
   */
  public <T> T own(T object, Closer<? super T> closer) {
    state.add(Entries.owned(requireNonNull(object, "object"), requireNonNull(closer, "closer")));
    return object;
  }

  /**
   * Has an action run when this scope is closed.
   *
   * @throws IllegalStateException if this scope is closed; the action has been run then
   * @throws IllegalArgumentException if this scope is bound to an owner that the action reaches, with the path; it has been run then
   */
  public void defer(CleanupAction action) {
    state.add(Entries.action(requireNonNull(action, "action"), false));
  }

  /**
   * Has an action run when this scope is closed, unless {@link #succeed} was called: to undo what was half done. It has its turn among
   * the other things to close.
   *
   * @throws IllegalStateException if this scope is closed; the action has been run then
   * @throws IllegalArgumentException if this scope is bound to an owner that the action reaches, with the path; it has been run then
   */
  public void onFailure(CleanupAction action) {
    state.add(Entries.action(requireNonNull(action, "action"), true));
  }

  /**
   * Says that the work was done, so that the {@linkplain #onFailure failure actions} are not run. Needed because {@link #close} cannot see
   * how a try statement ended; make it the last statement of the body, or use {@link #call}.
   *
   * @throws IllegalStateException if this scope is closed
   */
  public void succeed() {
    if (!state.succeed()) {
      throw new IllegalStateException(name() + ": this scope is closed; say that it succeeded before it is");
    }
  }

  /**
   * Opens a scope inside this one, which closes it if it is not closed before. Closing the child early takes it out of this scope. If
   * another thread is closing the child at that time, this scope waits up to ten seconds for it.
   *
   * @throws IllegalStateException if this scope is closed
   */
  public Scope child(String name) {
    return new Scope(Scopes.child(state, requireNonNull(name, "name")));
  }

  /**
   * Moves everything into a new open scope of the same name, and leaves this one open and empty: to keep what a body built after the
   * body succeeded. Nothing is closed. The new scope has no owner, and is reported to the log if it is dropped; for others see {@link
   * #handOver(Scope)}.
   *
   * @throws IllegalStateException if this scope is closed; nothing has moved then
   */
  public Scope handOver() {
    Scope kept = open(state.name());
    boolean moved = false;
    try {
      state.moveAllTo(kept.state);
      moved = true;
    } finally {
      if (!moved) {
        kept.close();
      }
    }
    return kept;
  }

  /**
   * Moves everything on top of what another scope owns, in the same order, and leaves this one open and empty. Nothing is closed. The move
   * is one step: no closing on another thread sees a part of it, and what another thread adds meanwhile is checked for the owner as well.
   * Failure actions look at the success of the scope in which they are.
   *
   * <p><b>Cost.</b> O(what is moved). If the target is bound to an owner, all of it is searched before, and again what others add meanwhile, until
   * nobody does. All hand-overs wait for each other, but for the searches.
   *
   * @throws IllegalStateException if either scope is closed; nothing has moved then
   * @throws IllegalArgumentException if it is this scope, or a child of it, or is bound to an owner that something reaches; nothing has
   *     moved then
   */
  public void handOver(Scope target) {
    state.moveAllTo(requireNonNull(target, "target").state);
  }

  /**
   * Owns an executor, and returns it. Closing shuts it down, waits for its tasks, interrupts them when the time is over, and waits as
   * long once more; delayed tasks of a {@link java.util.concurrent.ScheduledThreadPoolExecutor} that are not due are dropped. If threads
   * are left then, closing fails with a {@link java.util.concurrent.TimeoutException} that says how many tasks run and wait, as far as the executor
   * tells. A task of an {@link OwnedExecutors owned executor} that closes the scope of its executor is told by an {@link IllegalStateException} that
   * this cannot wait for itself: the executor is shut down then, and no task is interrupted.
   *
   * @param timeout how long to wait for the tasks; zero to interrupt them at once
   * @throws IllegalArgumentException if the timeout is negative, or it is the common pool, which nobody can shut down, or this scope is bound
   *     to an owner that the executor reaches, with the path; the executor has been shut down in that case
   * @throws IllegalStateException if this scope is closed; the executor has been shut down then
   */
  public <E extends ExecutorService> E adopt(E executor, Duration timeout) {
    requireNonNull(executor, "executor");
    checkTimeout(timeout);
    CommonPool.refuse(state.name(), executor);
    state.add(Entries.executor(executor, nanos(timeout)));
    return executor;
  }

  /**
   * Owns a timer, and returns it. Closing cancels it and all its tasks; a task that is running at that moment runs to its end.
   *
   * @throws IllegalStateException if this scope is closed; the timer has been cancelled then
   * @throws IllegalArgumentException if this scope is bound to an owner that the timer reaches, with the path; the timer has been cancelled then
   */
  public Timer adopt(Timer timer) {
    return own(requireNonNull(timer, "timer"), Timer::cancel);
  }

  /** Starts a thread like {@link #thread(String, Runnable, Duration)}, with ten seconds to end. */
  public Thread thread(String name, Runnable task) {
    return thread(name, task, THREAD_TIMEOUT);
  }

  /**
   * Starts a thread that ends with this scope: closing interrupts it and waits for it. A thread that ends earlier leaves the scope, after its handler
   * of uncaught exceptions if its task failed. It does not inherit thread-locals, but the context class loader of this thread. If it does not end
   * in time, closing fails with a {@link java.util.concurrent.TimeoutException} that says where the thread is. A thread that closes its own scope is
   * not waited for.
   *
   * @param timeout how long to wait for it after it was interrupted; zero not to wait
   * @throws IllegalStateException if this scope is closed; no thread has been started then
   * @throws IllegalArgumentException if the timeout is negative, or this scope is bound to an owner that the task reaches, with the path; no
   *     thread has been started then
   */
  public Thread thread(String name, Runnable task, Duration timeout) {
    checkTimeout(timeout);
    return ThreadEntry.start(state, requireNonNull(name, "name"), requireNonNull(task, "task"), nanos(timeout));
  }

  private void checkTimeout(Duration timeout) {
    if (requireNonNull(timeout, "timeout").isNegative()) {
      throw new IllegalArgumentException(state.name() + ": timeout must be at least 0, but was " + timeout);
    }
  }

  private static long nanos(Duration time) {
    // About 292 years are as good as more.
    return time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : time.toNanos();
  }

  /**
   * Closes what was last added for this object, which may be a child scope, now, and takes it out. O(what was added after it).
   *
   * @return false if this scope does not own it (any more)
   */
  public boolean closeNow(Object owned) {
    Entry entry = take(owned);
    if (entry != null) {
      state.closeNow(entry);
    }
    return entry != null;
  }

  /**
   * Takes out what was last added for this object, which may be a child scope, without closing it: the caller owns it now. O(what was added after
   * it). A child scope is reported to the log from now on if it is dropped without having been closed.
   *
   * @return false if this scope does not own it (any more)
   */
  public boolean disown(Object owned) {
    Entry entry = take(owned);
    if (entry != null && owned instanceof Scope child && entry.scope() == child.state) {
      Scopes.watch(child.state, child, null); // who closes the parent does not close it any more
    }
    return entry != null;
  }

  private @Nullable Entry take(Object owned) {
    Entry entry = state.removeFor(requireNonNull(owned, "owned"));
    return entry == null && owned instanceof Scope child ? state.removeFor(child.state) : entry;
  }

  /** Returns how many things this scope owns now. */
  public int size() {
    return state.size();
  }

  /** Returns whether closing has begun. */
  public boolean isClosed() {
    return state.isClosed();
  }

  /**
   * Waits until everything is closed, or was given up: see {@link #child} and {@link #thread}. What others take out and close at that time is not waited
   * for.
   *
   * @return false if the time is over, or if it is this thread that is closing
   * @throws InterruptedException if this thread is interrupted while it waits
   */
  public boolean awaitClosed(Duration timeout) throws InterruptedException {
    checkTimeout(timeout);
    return state.awaitClosed(nanos(timeout));
  }

  /**
   * Closes everything in reverse order; see the class. Does nothing if closing has begun.
   *
   * @throws ScopeCloseException if the first failure is a checked exception, or one that can suppress no others
   */
  @Override
  public void close() {
    try {
      state.close();
    } finally {
      Reference.reachabilityFence(this); // or a collection while it closes would report it as dropped
    }
  }

  /**
   * Closes resources in reverse order, whatever fails, as a scope does. Nulls are skipped.
   *
   * @throws ScopeCloseException as {@link #close}
   */
  public static void closeAll(@Nullable AutoCloseable... resources) {
    requireNonNull(resources, "resources");
    Closing closing = new Closing("closeAll");
    for (int i = resources.length - 1; i >= 0; i--) {
      AutoCloseable resource = resources[i];
      if (resource != null) {
        closing.run(resource);
      }
    }
    closing.endAndThrow();
  }

  /**
   * Closes resources in the reverse order of the iteration, as {@link #closeAll(AutoCloseable...)} does. If the iteration fails, nothing is closed.
   *
   * @throws ScopeCloseException as {@link #close}
   */
  public static void closeAll(Iterable<? extends @Nullable AutoCloseable> resources) {
    java.util.ArrayList<@Nullable AutoCloseable> list = new java.util.ArrayList<>();
    requireNonNull(resources, "resources").forEach(list::add);
    closeAll(list.toArray(AutoCloseable[]::new));
  }

  /** Returns its name, whether it is open, and how much it owns. */
  @Override
  public String toString() {
    return "Scope " + state.name() + (isClosed() ? ", closed" : ", open") + ", owns " + size();
  }

  /** Opens a scope with options. */
  public static final class Builder {
    private final String name;
    private @Nullable Object owner;
    private @Nullable LeakListener leakListener;
    private FailureListener failureListener = FailureListener.logging();

    private Builder(String name) {
      this.name = name;
    }

    /**
     * Binds the scope to an owner, which is held weakly: should the owner be collected before the scope was closed, the scope is closed by
     * the library, and that is reported as a leak. What is given to such a scope, or to a scope inside of it, must not reach the owner, or the
     * owner could never be collected: a bounded search refuses it with the path.
     *
     * <p><b>Not promised.</b> That the safety net catches what the search cannot see: what reaches the owner by a long way, or through
     * encapsulated classes.
     */
    public Builder owner(Object owner) {
      this.owner = requireNonNull(owner, "owner");
      return this;
    }

    /**
     * Has a listener told if the scope or its owner is dropped without its having been closed. Without a listener, the log gets the 1st, 2nd, 4th, 8th
     * ... of each name and line, with the count. If listeners fall behind by more than 4096 scopes, those beyond are counted and told as one, to the
     * listener of the latest of them.
     */
    public Builder leakListener(LeakListener listener) {
      leakListener = requireNonNull(listener, "listener");
      return this;
    }

    /** Has a listener told of what fails where no caller can be told: when the owner was collected. The log if it is not set. */
    public Builder failureListener(FailureListener listener) {
      failureListener = requireNonNull(listener, "listener");
      return this;
    }

    /** Opens the scope. */
    public Scope open() {
      Object bound = owner;
      if (bound != null) {
        return new Scope(Scopes.openFor(bound, name, failureListener, leakListener));
      }
      ScopeState state = Scopes.open(name, failureListener);
      Scope scope = new Scope(state);
      Scopes.watch(state, scope, leakListener);
      return scope;
    }
  }
}
