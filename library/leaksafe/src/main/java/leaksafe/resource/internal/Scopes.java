package leaksafe.resource.internal;

import java.lang.ref.WeakReference;
import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.internal.CallSite;
import leaksafe.internal.Reachability;
import org.jspecify.annotations.Nullable;

/** Opens scopes: with what watches over them. */
public final class Scopes {
  private static final Hosts.Kind KIND = new Hosts.Kind("scopes", "scope");

  private Scopes() {}

  /** Returns a scope whose front is watched: if it is dropped without having been closed, that is reported. */
  public static ScopeState open(String name, FailureListener failureListener) {
    return new ScopeState(name, CallSite.place(), "until it is closed", failureListener);
  }

  /** Watches over the front of a scope without an owner. */
  public static void watch(ScopeState scope, Object front, @Nullable LeakListener listener) {
    // Without a listener nothing of the user's is held.
    TrackerCore tracker = listener == null ? KIND.ours() : KIND.in(listener.getClass());
    scope.setTracked(tracker.track(front, scope.name(), scope.creationSite(), null, listener));
  }

  /** Returns a scope that is closed and reported when its owner is collected before it was closed. */
  public static ScopeState openFor(Object owner, String name, FailureListener failureListener, @Nullable LeakListener listener) {
    ScopeState scope =
        new ScopeState(name, CallSite.place(), "the life of its owner, a " + owner.getClass().getName(), failureListener);
    scope.setOwnerCheck(new Owner(owner));
    scope.setTracked(KIND.in(owner.getClass()).track(owner, name, scope.creationSite(), scope::closeForOwner, listener));
    return scope;
  }

  /** The owner of a scope, held weakly. */
  private static final class Owner extends WeakReference<Object> implements ScopeState.OwnerCheck {
    Owner(Object owner) {
      super(owner);
    }

    @Override
    public @Nullable String path(Object from) {
      Object target = get();
      return target == null ? null : Reachability.path(from, target);
    }

    @Override
    public @Nullable Object owner() {
      return get();
    }
  }

  /** Returns a scope that is closed with its parent. */
  public static ScopeState child(ScopeState parent, String name) {
    ScopeState child =
        new ScopeState(name, CallSite.place(), "until scope " + parent.name() + " is closed", parent.failureListener());
    parent.add(ChildEntry.of(child));
    return child;
  }
}
