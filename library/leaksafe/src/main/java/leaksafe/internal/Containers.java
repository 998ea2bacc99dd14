package leaksafe.internal;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.Container;
import org.jspecify.annotations.Nullable;

/** The containers that are there now, held weakly, for the census. */
public final class Containers {
  private static final Set<Announcement> ANNOUNCED = ConcurrentHashMap.newKeySet();

  // Guards the registration, which is there while anything is announced, so that somebody polls the queue for what was collected.
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Reaper.Client POLLING = EvictionBursts::look;
  private static volatile Reaper.@Nullable Registration polling;

  private Containers() {}

  /**
   * Makes a container visible until it is collected or its announcement withdrawn. The container must not be announced twice. Costs a look
   * at the stack, about a microsecond.
   */
  public static Announcement announce(Container container) {
    return announce(container, CallSite.place().classLoader(), false);
  }

  /**
   * Makes a container visible, as above.
   *
   * @param classLoader the name of the loader of the user's class that created it
   * @param foreign whether asking the container anything calls code that is not the library's
   */
  public static Announcement announce(Container container, String classLoader, boolean foreign) {
    Announcement announcement = new Announcement(container, classLoader, foreign);
    ANNOUNCED.add(announcement);
    poll();
    return announcement;
  }

  /** Starts or ends the polling if that is due. */
  private static void poll() {
    // A race with another announcement or withdrawal is harmless: each changes the set first and looks at it afterwards, under the lock.
    if (ANNOUNCED.isEmpty() == (polling == null)) {
      return;
    }
    LOCK.lock();
    try {
      if (ANNOUNCED.isEmpty() && polling != null) {
        polling.cancel();
        polling = null;
      } else if (!ANNOUNCED.isEmpty() && polling == null) {
        polling = Reaper.register(POLLING, false);
      }
    } finally {
      LOCK.unlock();
    }
  }

  /** Returns the containers that are there now, in no order. */
  public static List<Container> list() {
    return ANNOUNCED.stream().<@Nullable Container>map(WeakReference::get).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
  }

  /**
   * Returns the announcements, in no order. Those of containers that were collected since the reaper looked last are cleared: skip them.
   */
  public static List<Announcement> announcements() {
    return List.copyOf(ANNOUNCED);
  }

  /** Has the eviction counters looked at soon, for tests. */
  static void wakePolling() {
    Reaper.Registration registration = polling;
    if (registration != null) {
      registration.wake();
    }
  }

  /** Returns the name for a container that the user did not name. */
  public static String defaultName(String kind, String creationSite) {
    return kind + "@" + creationSite;
  }

  /** A container's place in the census. */
  public static final class Announcement extends WeakReference<Container> implements Reapable {
    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final String classLoader;
    private final boolean foreign;
    private volatile boolean failed;
    private long evictions; // used by the reaper's thread alone

    private Announcement(Container container, String classLoader, boolean foreign) {
      super(container, Reaper.queue());
      this.classLoader = classLoader;
      this.foreign = foreign;
    }

    /** Returns the number of the announcement, counted from 1: no two containers of this copy of the library have the same. */
    public long id() {
      return id;
    }

    /** Returns the name of the class loader of the code that created the container. */
    public String classLoader() {
      return classLoader;
    }

    /** Returns whether asking the container anything calls code that is not the library's. */
    public boolean isForeign() {
      return foreign;
    }

    /** Notes that the container failed to answer, and returns whether that is the first time. A race may make it the first time twice. */
    public boolean failedFirst() {
      boolean first = !failed;
      failed = true;
      return first;
    }

    /** Notes how many evictions there were, and returns how many more they are than when this was called last. */
    long noteEvictions(long now) {
      long more = now - evictions;
      evictions = now;
      return more;
    }

    /** Makes the container invisible, because it was closed. Does nothing the second time. */
    public void withdraw() {
      if (ANNOUNCED.remove(this)) {
        poll();
      }
      clear();
    }

    @Override
    public void reap() {
      withdraw();
    }
  }
}
