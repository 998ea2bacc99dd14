package leaksafe.census;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.Container;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.Reachability;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/**
 * A container of another library, as the census sees it.
 *
 * <p>Somebody has to hold this for as long as the container lives, and the container, which knows nothing of us, does not. In a static
 * field of ours it would, by the class of the user's probe, keep the user's class loader, and if the container is in one of that loader's
 * static fields, the container itself: for ever. So it is held by the class of the probe, unless that is one of ours or does not
 * depend on this library, when it would keep the library's loader alive instead of being kept by it.
 */
final class Watching implements Container {
  private static final Set<Watching> OURS = ConcurrentHashMap.newKeySet();
  private static final ClassValue<Set<Watching>> BY_CLASS = new ClassValue<>() {
    @Override
    protected Set<Watching> computeValue(Class<?> type) {
      return ConcurrentHashMap.newKeySet();
    }
  };

  // Makes it one step to look whether an object is watched, and to watch it.
  private static final ReentrantLock STARTING = new ReentrantLock();

  private final String name;
  private final String site;
  private final Probe<Object> probe;
  private final Owner owner;
  private final Set<Watching> home;
  private Containers.@Nullable Announcement announcement; // written before this is in its home

  @SuppressWarnings("unchecked") // the owner is all that the probe is asked about
  private Watching(String name, String site, Object owner, Probe<?> probe, Set<Watching> home) {
    this.name = name;
    this.site = site;
    this.probe = (Probe<Object>) probe;
    this.home = home;
    this.owner = new Owner(owner, this);
  }

  /** The weak reference to what is watched. */
  private static final class Owner extends WeakReference<Object> implements Reapable {
    private final Watching watching;

    Owner(Object referent, Watching watching) {
      super(referent, Reaper.queue());
      this.watching = watching;
    }

    @Override
    public void reap() {
      watching.end();
    }
  }

  static Watch start(String name, Object owner, Probe<?> probe) {
    Objects.requireNonNull(name, "name");
    String path = Reachability.path(probe, owner);
    if (path != null) {
      throw new IllegalArgumentException(name + ": what reads the size refers to what is watched (" + path + ") and would keep it alive;"
          + " use its parameter instead, as in OrderBook::size");
    }
    CallSite.Place place = CallSite.place();
    Watching watching = new Watching(name, place.site(), owner, probe, homeOf(probe));
    STARTING.lock();
    try {
      for (Containers.Announcement announcement : Containers.announcements()) {
        if (announcement.get() instanceof Watching other && other.owner.refersTo(owner)) {
          other.end();
        }
      }
      watching.announcement = Containers.announce(watching, place.classLoader(), true);
      watching.home.add(watching);
    } finally {
      STARTING.unlock();
    }
    Reference.reachabilityFence(owner); // or it could be collected, and the watch end, before it is in its home
    return new Watch(watching);
  }

  private static Set<Watching> homeOf(Probe<?> probe) {
    Object reader = probe instanceof SizeProbe<?> simple ? simple.size() : probe;
    Class<?> type = reader.getClass().getNestHost(); // a hidden class could die before its host
    return CallSite.isOurs(type) || !dependsOnUs(type) ? OURS : BY_CLASS.get(type);
  }

  /** Returns whether a class sees this library, which then lives at least as long. */
  private static boolean dependsOnUs(Class<?> type) {
    try {
      return Class.forName(Watching.class.getName(), false, type.getClassLoader()) == Watching.class;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  boolean isActive() {
    return home.contains(this) && !owner.refersTo(null);
  }

  void end() {
    home.remove(this);
    owner.clear();
    if (announcement != null) {
      announcement.withdraw();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String kind() {
    return probe.kind();
  }

  @Override
  public String creationSite() {
    return site;
  }

  @Override
  public long estimatedSize() {
    Object container = owner.get();
    return container == null ? 0 : probe.size(container);
  }

  @Override
  public String bound() {
    Object container = owner.get();
    return container == null ? "collected" : probe.bound(container);
  }

  @Override
  public Map<String, Number> figures() {
    Object container = owner.get();
    return container == null ? Map.of() : probe.figures(container);
  }
}
