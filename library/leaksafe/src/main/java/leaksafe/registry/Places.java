package leaksafe.registry;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import leaksafe.registry.internal.Turns;
import org.jspecify.annotations.Nullable;

/**
 * Finds the place in a key where a value can live: the key's own field, a host that the user named, or, for classes and class loaders, a
 * {@link ClassValue}. Keys of any other kind have none.
 *
 * <p>A class or loader has a place only if its class loader keeps the library alive anyway. Otherwise the attachments in it would: one
 * in {@code String.class} would keep the library's class loader for ever (JDK-8136353).
 */
final class Places {
  private static final @Nullable ClassLoader OURS = Attachments.class.getClassLoader();
  private static final InvocationHandler NOTHING = (proxy, method, arguments) -> null;
  private static final Turns WRITING = new Turns("host");

  private static final ClassValue<Attachments> OF_CLASSES = new ClassValue<>() {
    @Override
    protected Attachments computeValue(Class<?> type) {
      return new Attachments();
    }
  };

  private final Class<?>[] hostedTypes;
  private final Host<?>[] hosts;

  // The first class that was found to have no place. Asking an object of another class for an interface that it does not have costs
  // more than all the rest of a look-up. A benign race: whoever sees no reference, or a cleared one, asks.
  private @Nullable WeakReference<Class<?>> withoutPlace;

  Places(Map<Class<?>, Host<?>> hosts) {
    this.hostedTypes = hosts.keySet().toArray(new Class<?>[0]);
    this.hosts = hosts.values().toArray(new Host<?>[0]);
  }

  /** Returns whether there is a place in the key. */
  boolean isIn(Object key) {
    WeakReference<Class<?>> without = withoutPlace;
    return (without == null || !without.refersTo(key.getClass())) && isInAfterAll(key);
  }

  private boolean isInAfterAll(Object key) {
    if (key instanceof Attachable || hosts.length > 0 && hostOf(key) != null) {
      return true;
    }
    if (key instanceof Class || key instanceof ClassLoader) {
      return isClassWithPlace(key);
    }
    WeakReference<Class<?>> without = withoutPlace;
    if (without == null || without.refersTo(null)) {
      withoutPlace = new WeakReference<>(key.getClass());
    }
    return false;
  }

  /** Returns the attachments in the key, or null if there are none yet. Must be called with a key in which there is a place. */
  @Nullable Attachments find(Object key) {
    if (key instanceof Attachable attachable) {
      return ofAttachable(attachable);
    }
    Host<Object> host = hostOf(key);
    if (host != null) {
      return host.read(key);
    }
    return key instanceof Class<?> type ? OF_CLASSES.get(type) : ofLoader((ClassLoader) key);
  }

  /** Returns the attachments in the key, new ones if there were none. Must be called with a key in which there is a place. */
  Attachments findOrAdd(Object key) {
    Attachments found = find(key);
    while (found == null) {
      if (WRITING.enter(key)) {
        try {
          found = findOrWrite(key);
        } finally {
          WRITING.leave(key);
        }
      } else {
        found = find(key);
      }
    }
    return found;
  }

  static Attachments ofAttachable(Attachable key) {
    Attachments attachments = key.attachments();
    if (attachments == null) { // and not Objects.requireNonNull, whose argument would be an object for each look-up until it is compiled well
      throw new NullPointerException("attachments() of a " + key.getClass().getName() + " returned null, must return its Attachments");
    }
    return attachments;
  }

  private Attachments findOrWrite(Object key) {
    Host<Object> host = Objects.requireNonNull(hostOf(key));
    Attachments found = host.read(key);
    if (found != null) {
      return found;
    }
    Attachments fresh = new Attachments();
    host.write(key, fresh);
    if (host.read(key) != fresh) {
      throw new IllegalStateException("the host of a " + key.getClass().getName()
          + " does not read what it wrote: both must use the same place, and the key must keep it");
    }
    return fresh;
  }

  @SuppressWarnings("unchecked") // the builder takes a host for the type or a supertype of it
  private @Nullable Host<Object> hostOf(Object key) {
    for (int i = 0; i < hosts.length; i++) {
      if (hostedTypes[i].isInstance(key)) {
        return (Host<Object>) hosts[i];
      }
    }
    return null;
  }

  private static boolean isClassWithPlace(Object key) {
    return key instanceof Class<?> type ? keepsUsAlive(type.getClassLoader())
        : key instanceof ClassLoader loader && keepsUsAlive(loader);
  }

  /** Returns whether the loader is the library's own, or a descendant of it. */
  private static boolean keepsUsAlive(@Nullable ClassLoader loader) {
    for (ClassLoader parent = loader; parent != null; parent = parent.getParent()) {
      if (parent == OURS) {
        return true;
      }
    }
    return OURS == null && loader != null;
  }

  /** Returns whether the key is a class or loader that lives at least as long as the library: a cycle through it does no harm. */
  static boolean isImmortal(Object key) {
    return key instanceof Class<?> type ? isAboveUs(type.getClassLoader()) : key instanceof ClassLoader loader && isAboveUs(loader);
  }

  private static boolean isAboveUs(@Nullable ClassLoader loader) {
    for (ClassLoader parent = OURS; parent != null; parent = parent.getParent()) {
      if (parent == loader) {
        return true;
      }
    }
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  /**
   * A class that is defined in the loader lives as long as the loader. The JDK makes one of that kind on request, and the same one
   * every time.
   */
  private static Attachments ofLoader(ClassLoader loader) {
    return OF_CLASSES.get(Proxy.newProxyInstance(loader, new Class<?>[] {Runnable.class}, NOTHING).getClass());
  }
}
