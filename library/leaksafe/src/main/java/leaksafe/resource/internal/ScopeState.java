package leaksafe.resource.internal;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.Reports;
import leaksafe.resource.internal.Closing.FailureActions;
import org.jspecify.annotations.Nullable;

/**
 * What a scope holds. Apart from its front, so that it can outlive it: a scope that is bound to an owner is closed after the owner, and
 * with it perhaps the front, has been collected.
 *
 * <p>Phases: {@code OPEN -> CLOSING -> CLOSED}. The thread that makes the first step is the only one that closes what is in the list; it takes one entry
 * after the other, under the lock, and closes it outside of the lock.
 */
public final class ScopeState implements Container {
  private enum Phase {
    OPEN, CLOSING, CLOSED
  }

  private final String name;
  private final String site;
  private final String bound;
  private final FailureListener failureListener;
  private final Containers.Announcement announcement;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();

  // Guarded by lock.
  private Phase phase = Phase.OPEN;
  private final EntryList entries = new EntryList(this);
  private boolean succeeded;
  private @Nullable Thread closer; // while it closes
  private @Nullable Closing pass; // of the closer

  private @Nullable TrackedReference tracked;

  // Set once, before the state is shared.
  private @Nullable OwnerCheck ownerCheck;
  private @Nullable Entry placeInParent;

  /** Creates an open scope and announces it. */
  public ScopeState(String name, CallSite.Place place, String bound, FailureListener failureListener) {
    this.name = name;
    this.site = place.site();
    this.bound = bound;
    this.failureListener = failureListener;
    this.announcement = Containers.announce(this, place.classLoader(), false);
  }

  /** Finds a way from what is given to the scope to the scope's owner. */
  @FunctionalInterface
  public interface OwnerCheck {

    /** Returns the way as text, or null if there is none or the owner is gone. */
    @Nullable String path(Object from);

    /** Returns the owner, or null if it is gone or not known. */
    default @Nullable Object owner() {
      return null;
    }
  }

  /** Tells this scope its place in another. To be called before the state is shared. */
  void setPlaceInParent(Entry place) {
    this.placeInParent = place;
  }

  /** Tells this scope what reports it if it is forgotten. */
  public void setTracked(TrackedReference tracked) {
    lock.lock();
    try {
      if (phase != Phase.CLOSED) {
        this.tracked = tracked;
        return;
      }
    } finally {
      lock.unlock();
    }
    tracked.forget(); // it was closed meanwhile
  }

  /** Has everything checked that is given to this scope from now on. To be called before the state is shared. */
  public void setOwnerCheck(OwnerCheck check) {
    this.ownerCheck = check;
  }

  /**
   * Puts an entry on top, and has it begin.
   *
   * @throws IllegalStateException if this scope is closed; the entry has been closed then
   * @throws IllegalArgumentException if the entry would keep the owner alive; the entry has been closed then
   */
  public void add(Entry entry) {
    RuntimeException refusal = tryAdd(entry);
    if (refusal == null) {
      return;
    }
    Closing closing = new Closing(name, FailureActions.RUN, passHere());
    closing.run(entry);
    Closing.suppressAll(refusal, closing.end());
    throw refusal;
  }

  private @Nullable RuntimeException tryAdd(Entry entry) {
    while (true) {
      List<OwnerCheck> owners = owners();
      String path = path(entry, owners); // outside of the lock: see ScopeMove
      lock.lock();
      try {
        if (!owners.equals(owners())) {
          continue; // this scope was moved meanwhile
        }
        if (path != null) {
          return new IllegalArgumentException(name + ": what is given to this scope would keep the scope's owner alive (" + path
              + "), so the owner could never be collected; give it what it needs of the owner instead. It was closed at once");
        }
        if (phase != Phase.OPEN) {
          return new IllegalStateException(
              name + ": this scope is closed, so what was given to it was closed at once; give it to a scope that is open");
        }
        entries.push(entry);
        begin(entry);
        return null;
      } finally {
        lock.unlock();
      }
    }
  }

  private void begin(Entry entry) {
    boolean begun = false;
    try {
      entry.begin();
      begun = true;
    } finally {
      if (!begun) {
        entries.remove(entry);
      }
    }
  }

  /** Returns what finds the owners of this scope and of those that it is inside of. Under the lock it stays as it is, or one of them is closed. */
  List<OwnerCheck> owners() {
    List<OwnerCheck> owners = new ArrayList<>(0);
    for (ScopeState scope = this; scope != null; scope = scope.parent()) {
      if (scope.ownerCheck != null) {
        owners.add(scope.ownerCheck);
      }
    }
    return owners;
  }

  /** Returns the way from what an entry holds to one of the owners, or null if there is none. */
  static @Nullable String path(Entry entry, List<OwnerCheck> owners) {
    for (OwnerCheck owner : owners) {
      for (Object held : entry.held()) {
        String path = owner.path(held);
        if (path != null) {
          return path;
        }
      }
    }
    return null;
  }

  /** Takes an entry out. Returns false if it is not in this scope (any more). */
  boolean remove(Entry entry) {
    lock.lock();
    try {
      return entries.remove(entry);
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the topmost entry for an object, or returns null if there is none. */
  public @Nullable Entry removeFor(Object subject) {
    lock.lock();
    try {
      return entries.removeFor(subject);
    } finally {
      lock.unlock();
    }
  }

  /** Closes one entry that was taken out. */
  public void closeNow(Entry entry) {
    Closing closing = new Closing(name, FailureActions.RUN, passHere());
    closing.run(entry);
    closing.endAndThrow();
  }

  /**
   * Moves all entries on top of another scope's, in their order.
   *
   * @throws IllegalStateException if either is closed; nothing has moved then
   * @throws IllegalArgumentException if they are the same, or an entry would keep the other's owner alive; nothing has moved then
   */
  public void moveAllTo(ScopeState that) {
    if (this == that) {
      throw new IllegalArgumentException(name + ": a scope cannot be handed over to itself; give it another scope");
    }
    ScopeMove.move(this, that);
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Returns what this scope owns. Under the lock. */
  EntryList entries() {
    return entries;
  }

  /** Returns the scope that this is a child of, if any. Parents change under locks that we do not hold: as of now. */
  private @Nullable ScopeState parent() {
    Entry place = placeInParent;
    return place == null ? null : place.home;
  }

  /** Throws if this scope is a child of that one, at any depth. */
  void refuseIfInside(ScopeState that) {
    for (ScopeState parent = parent(); parent != null; parent = parent.parent()) {
      if (parent == that) {
        throw new IllegalArgumentException(that.name + ": cannot be handed over to " + name + ", which is inside of it");
      }
    }
  }

  /** Under the lock. */
  void requireOpen() {
    if (phase != Phase.OPEN) {
      throw new IllegalStateException(name + ": this scope is closed; only open scopes can be handed over, nothing was");
    }
  }

  /** Notes that the work was done, so that failure actions are not run. Returns false if this scope is closed. */
  public boolean succeed() {
    lock.lock();
    try {
      succeeded |= phase == Phase.OPEN;
      return phase == Phase.OPEN;
    } finally {
      lock.unlock();
    }
  }

  /** Closes everything from the top, and throws what failed. Does nothing if somebody else began to close. */
  public void close() {
    Closing closing = closeAll(null);
    if (closing != null) {
      closing.endAndThrow();
    }
  }

  /** Closes everything from the top, and returns what failed, in order. Does nothing if somebody else began to close. */
  public List<Throwable> closeKeepingFailures() {
    Closing closing = closeAll(null);
    return closing == null ? List.of() : closing.end();
  }

  /** Closes everything, because the owner was collected, and reports what failed. */
  public void closeForOwner() {
    Closing closing = closeAll(null);
    if (closing == null) {
      return;
    }
    Throwable failure = Closing.single(name, closing.end());
    if (failure != null) {
      Reports.tell(failureListener, new Failure(name, "closer", "closed after its owner was collected; opened at " + site, failure));
    }
  }

  /**
   * Closes everything from the top, and returns the pass, which the caller has to end. Returns null if somebody else began to close.
   *
   * @param outer the pass that this is a part of, or null
   */
  @Nullable Closing closeAll(@Nullable Closing outer) {
    Closing closing = beginClosing(outer);
    if (closing == null) {
      return null;
    }
    Object owner = ownerCheck == null ? null : ownerCheck.owner();
    try {
      ClosingWalk.close(this, closing);
    } finally {
      Reference.reachabilityFence(owner); // or one whose last act is to close its scope would be reported as gone without it
    }
    return closing;
  }

  /** Returns the pass that begins, or null if somebody else began to close. */
  @Nullable Closing beginClosing(@Nullable Closing outer) {
    lock.lock();
    try {
      if (phase != Phase.OPEN) {
        return null;
      }
      phase = Phase.CLOSING;
      closer = Thread.currentThread();
      pass = new Closing(name, succeeded ? FailureActions.SKIP : FailureActions.RUN, outer);
      return pass;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what is to be closed next, or returns null if there is nothing. */
  @Nullable Entry pop() {
    lock.lock();
    try {
      return entries.pop();
    } finally {
      lock.unlock();
    }
  }

  /** Ends what {@link #beginClosing} began. */
  void end() {
    announcement.withdraw();
    Entry place = placeInParent;
    if (place != null) {
      place.leave();
    }
    TrackedReference watch;
    lock.lock();
    try {
      phase = Phase.CLOSED;
      closer = null;
      pass = null;
      watch = tracked;
      tracked = null;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
    if (watch != null) {
      watch.forget();
    }
  }

  /** Returns the pass in which this thread closes this scope, or null if it does not. */
  @Nullable Closing passHere() {
    lock.lock();
    try {
      return closer == Thread.currentThread() ? pass : null;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything is closed. Returns false if that took longer; returns at once on the thread that is closing. */
  public boolean awaitClosed(long nanos) throws InterruptedException {
    lock.lock(); // held for moments: only a wait is interrupted
    try {
      long left = nanos;
      while (phase != Phase.CLOSED) {
        if (left <= 0 || closer == Thread.currentThread()) {
          return false;
        }
        left = ended.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether everything is closed. */
  boolean hasEnded() {
    lock.lock();
    try {
      return phase == Phase.CLOSED;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether closing has begun. */
  public boolean isClosed() {
    lock.lock();
    try {
      return phase != Phase.OPEN;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many entries there are. */
  public int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the listener for failures that no caller can be told of. */
  public FailureListener failureListener() {
    return failureListener;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String kind() {
    return "scope";
  }

  @Override
  public String creationSite() {
    return site;
  }

  @Override
  public long estimatedSize() {
    return size();
  }

  @Override
  public String bound() {
    return bound;
  }
}
