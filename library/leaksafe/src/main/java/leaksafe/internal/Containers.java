package leaksafe.internal;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.Container;
import org.jspecify.annotations.Nullable;

/** The containers that are there now, held weakly, for the census. */
public final class Containers {
  private static final Set<Announcement> ANNOUNCED = ConcurrentHashMap.newKeySet();

  private Containers() {}

  /** Makes a container visible until it is collected or its announcement withdrawn. The container must not be announced twice. */
  public static Announcement announce(Container container) {
    Announcement announcement = new Announcement(container);
    ANNOUNCED.add(announcement);
    return announcement;
  }

  /** Returns the containers that are there now, in no order. */
  public static List<Container> list() {
    return ANNOUNCED.stream().<@Nullable Container>map(WeakReference::get).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
  }

  /** Returns the name for a container that the user did not name. */
  public static String defaultName(String kind, String creationSite) {
    return kind + "@" + creationSite;
  }

  /** A container's place in the census. */
  public static final class Announcement extends WeakReference<Container> implements Reapable {
    private Announcement(Container container) {
      super(container, Reaper.queue());
    }

    /** Makes the container invisible, because it was closed. Does nothing the second time. */
    public void withdraw() {
      ANNOUNCED.remove(this);
      clear();
    }

    @Override
    public void reap() {
      withdraw();
    }
  }
}
