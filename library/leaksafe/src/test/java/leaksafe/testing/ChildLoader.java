package leaksafe.testing;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;

/**
 * Deploys the library and a test's fixture in a class loader of their own, as a web application would, uses them and drops them.
 *
 * <p>A fixture is a {@link Runnable} with a public constructor without parameters; it may keep containers in its static fields.
 */
public final class ChildLoader {

  private ChildLoader() {}

  /** Runs the fixture in a fresh loader and returns the loader, which nobody but a leak holds. */
  public static WeakReference<ClassLoader> runAndDrop(Class<? extends Runnable> fixture) {
    try (URLClassLoader loader = new URLClassLoader("child", classPath(), ClassLoader.getPlatformClassLoader())) {
      Class<?> copy = loader.loadClass(fixture.getName());
      if (copy == fixture) {
        throw new AssertionError("the fixture was not loaded anew");
      }
      Thread current = Thread.currentThread();
      ClassLoader before = current.getContextClassLoader();
      current.setContextClassLoader(loader);
      try {
        ((Runnable) copy.getConstructor().newInstance()).run();
      } finally {
        current.setContextClassLoader(before);
      }
      return new WeakReference<>(loader);
    } catch (ReflectiveOperationException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static URL[] classPath() {
    List<String> entries = Arrays.asList(System.getProperty("java.class.path").split(java.io.File.pathSeparator));
    return entries.stream().map(java.nio.file.Path::of).map(path -> {
      try {
        return path.toUri().toURL();
      } catch (java.net.MalformedURLException e) {
        throw new AssertionError(e);
      }
    }).toArray(URL[]::new);
  }
}
