package leaksafe.testing;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;

/** Defines a class and those nested in it anew, as an application that has the library from its parent. */
public final class ApplicationLoader extends ClassLoader {
  private final String application;

  private ApplicationLoader(Class<?> application) {
    super(application.getClassLoader());
    this.application = application.getName();
  }

  /** Runs the application, which must not be nested in another class, in a fresh loader and returns that, which nobody but a leak holds. */
  public static WeakReference<ClassLoader> runAndDrop(Class<? extends Runnable> application) throws ReflectiveOperationException {
    Runnable copy = (Runnable) copy(application);
    copy.run();
    return new WeakReference<>(copy.getClass().getClassLoader());
  }

  /** As {@link #runAndDrop(Class)}, for an application that is given something which outlives it. */
  @SuppressWarnings("unchecked")
  public static <T> WeakReference<ClassLoader> runAndDrop(Class<? extends Consumer<T>> application, T given) throws ReflectiveOperationException {
    Consumer<T> copy = (Consumer<T>) copy(application);
    copy.accept(given);
    return new WeakReference<>(copy.getClass().getClassLoader());
  }

  private static Object copy(Class<?> application) throws ReflectiveOperationException {
    return new ApplicationLoader(application).loadClass(application.getName()).getConstructor().newInstance();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      if (!name.equals(application) && !name.startsWith(application + "$")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
