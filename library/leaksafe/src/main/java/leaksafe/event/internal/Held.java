package leaksafe.event.internal;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.internal.Lambdas;
import org.jspecify.annotations.Nullable;

/**
 * A handler or filter, held so that it keeps as little as possible: by a field of this, or weakly because something else keeps it for
 * as long as the owner of the subscription lives.
 *
 * <p>Why that matters: any object keeps its class, that its loader, and that all static fields of its classes. So if a bus held the
 * handler of a plug-in, and the plug-in's owner were reachable from one of its static fields, the bus would keep the owner that the
 * subscription should end with, and the plug-in for ever.
 *
 * <p>A handler without fields is therefore stored with its own class, where the class outlives the owner: if the owner's class loader is the
 * handler's or a descendant of it, owner -&gt; class of the owner -&gt; its loader -&gt; the handler's loader -&gt; the handler's class -&gt;
 * handler. Any two instances of a class without fields are the same for us, so one is stored for each class, and the store cannot
 * grow. What is stored refers to nothing of this library, so that it does not keep the library's loader either.
 *
 * @param <T> the type of what is held
 */
final class Held<T> extends WeakReference<T> {
  private static final ClassValue<AtomicReference<@Nullable Object>> STORE = new ClassValue<>() {
    @Override
    protected AtomicReference<@Nullable Object> computeValue(Class<?> type) {
      return new AtomicReference<>();
    }
  };

  private static final ClassValue<Boolean> FIELDLESS = new ClassValue<>() {
    @Override
    protected Boolean computeValue(Class<?> type) {
      return Lambdas.isFieldless(type);
    }
  };

  private final @Nullable T strong;

  private Held(T referent, boolean strongly) {
    super(referent);
    strong = strongly ? referent : null;
  }

  /** Holds the object strongly. */
  static <T> Held<T> strongly(T object) {
    return new Held<>(object, true);
  }

  /** Holds the object weakly, because something else keeps it. */
  static <T> Held<T> weakly(T object) {
    return new Held<>(object, false);
  }

  /** Holds the object for as long as this and the owner live. */
  static <T> Held<T> whileOwnerLives(T object, Object owner) {
    Class<?> type = object.getClass();
    if (!FIELDLESS.get(type) || !isKeptByLoader(type) || !outlives(type.getClassLoader(), owner.getClass().getClassLoader())) {
      return strongly(object);
    }
    AtomicReference<@Nullable Object> store = STORE.get(type);
    store.compareAndSet(null, object);
    @SuppressWarnings("unchecked") // of the same class as the object
    T stored = (T) store.get();
    return stored == null ? strongly(object) : weakly(stored);
  }

  /** Returns what is held, or null if it is gone. Cheaper than {@link #get} where it is held strongly. */
  @Nullable T held() {
    T object = strong;
    return object != null ? object : get();
  }

  /** Returns what is held if it is held strongly, else null. */
  @Nullable T strong() {
    return strong;
  }

  /** Returns whether the object and all objects of its class are the same but for their identity. */
  static boolean isFieldless(Object object) {
    return FIELDLESS.get(object.getClass());
  }

  /** Returns whether this holds the object, or one that is the same for us, in the given way. */
  boolean isSame(Held<?> that) {
    return (strong == null) == (that.strong == null) && get() == that.get();
  }

  // A hidden class may die before its loader; those of lambdas do not, because the JDK defines them as strong.
  private static boolean isKeptByLoader(Class<?> type) {
    return !type.isHidden() || Lambdas.isLambda(type);
  }

  /**
   * Returns whether a loader is alive as long as another is, and is not alive anyhow as long as this library is. In the second case
   * there is nothing to save.
   */
  private static boolean outlives(@Nullable ClassLoader loader, @Nullable ClassLoader other) {
    return !isAncestorOrSelf(loader, Held.class.getClassLoader()) && isAncestorOrSelf(loader, other);
  }

  private static boolean isAncestorOrSelf(@Nullable ClassLoader loader, @Nullable ClassLoader descendant) {
    for (ClassLoader l = descendant; l != loader; l = l.getParent()) {
      if (l == null) {
        return false;
      }
    }
    return true;
  }
}
