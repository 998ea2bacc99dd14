package leaksafe.resource.internal;

import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.internal.UserClasses;
import org.jspecify.annotations.Nullable;

/**
 * The trackers of scopes, executors and pools, which have nobody of the user's who holds a tracker for them.
 *
 * <p>What such a tracker holds (the resources of a scope that is bound to an owner, a listener) is of the user's classes and may reach
 * the user's class loader, and so its static fields, and so the owner. In a static field of ours it would keep all that for ever.
 * So each tracker lives in the {@link Class} of the user that it is for, as long as that class. Only where that class outlives the
 * library, so that the class would keep the library's loader alive instead, it lives here.
 */
public final class Hosts {
  private Hosts() {}

  /** A kind of tracked thing, and the trackers for it. */
  public static final class Kind {
    private final String name;
    private final String leakKind;
    private final TrackerCore ours;
    private final ClassValue<TrackerCore> byClass = new ClassValue<>() {
      @Override
      protected TrackerCore computeValue(Class<?> type) {
        return create();
      }
    };

    /** Makes a kind, with the name of its trackers and what leaks there, in one word. */
    public Kind(String name, String leakKind) {
      this.name = name;
      this.leakKind = leakKind;
      this.ours = create();
    }

    private TrackerCore create() {
      return new TrackerCore(name, leakKind, "leaksafe", 1, null, FailureListener.logging());
    }

    /** Returns the tracker for things that hold nothing of users. */
    TrackerCore ours() {
      return ours;
    }

    /** Returns the tracker that lives in a class, if that is possible and of use, or in that of the caller. */
    TrackerCore in(@Nullable Class<?> type) {
      TrackerCore host = hostFor(type);
      return host == null ? ours : host;
    }

    private @Nullable TrackerCore hostFor(@Nullable Class<?> type) {
      Class<?> host = UserClasses.hostFor(type);
      return host == null ? null : byClass.get(host);
    }

    /**
     * Tracks a thing that holds what is of users: as {@link TrackerCore#track}, in the tracker that lives in a class or in that of the
     * caller. Returns null, and nothing is tracked, if there is no such place.
     */
    public @Nullable TrackedReference trackIn(Class<?> type, Object thing, String what, String site, Runnable cleanup,
        LeakListener listener) {
      TrackerCore host = hostFor(type);
      return host == null ? null : host.track(thing, what, site, cleanup, listener);
    }
  }
}
