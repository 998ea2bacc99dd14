package leaksafe.heap;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A servlet container after two redeployments, in small: class loaders with a life cycle in a field {@code state} as Tomcat's have. The
 * first generation was stopped, and a thread-local of a pooled thread keeps it; the second was started and has a thread; the third was
 * given up without being stopped.
 */
@Timeout(180)
class StaleWebAppTest {
  enum LifecycleState {
    NEW,
    STARTED,
    STOPPED
  }

  abstract static class WebappClassLoaderBase extends URLClassLoader {
    private static final URL[] NO_JARS = {};

    @SuppressWarnings("unused") // read in the dump
    private volatile LifecycleState state = LifecycleState.NEW;

    WebappClassLoaderBase() {
      super(NO_JARS, StaleWebAppTest.class.getClassLoader());
    }

    void enter(LifecycleState next) {
      state = next;
    }
  }

  static final class ParallelWebappClassLoader extends WebappClassLoaderBase {
    private final byte[] code;

    ParallelWebappClassLoader(byte[] code) {
      this.code = code;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      return name.equals(Servlet.class.getName()) ? defineClass(name, code, 0, code.length) : super.loadClass(name, resolve);
    }
  }

  /** A class of the web application. */
  public static final class Servlet {}

  private static final ThreadLocal<Object> REQUEST = new ThreadLocal<>();
  private static final List<Object> GIVEN_UP = new ArrayList<>();

  @TempDir
  Path directory;

  private static ParallelWebappClassLoader deploy() throws Exception {
    try (InputStream in = StaleWebAppTest.class.getResourceAsStream("StaleWebAppTest$Servlet.class")) {
      ParallelWebappClassLoader loader = new ParallelWebappClassLoader(in.readAllBytes());
      loader.enter(LifecycleState.STARTED);
      return loader;
    }
  }

  private static Object servlet(ClassLoader loader) throws Exception {
    return loader.loadClass(Servlet.class.getName()).getConstructor().newInstance();
  }

  @Test
  void a_stopped_web_application_is_stale_and_the_thread_local_that_keeps_it_is_named() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    CountDownLatch end = new CountDownLatch(1);
    Path dump = directory.resolve("container.hprof");
    try {
      pool.submit(() -> {
        ParallelWebappClassLoader first = deploy();
        REQUEST.set(servlet(first));
        first.enter(LifecycleState.STOPPED);
        return null;
      }).get();
      Thread worker = new Thread(() -> {
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }, "web-app");
      worker.setContextClassLoader(deploy());
      servlet(worker.getContextClassLoader());
      worker.start();
      GIVEN_UP.add(servlet(deploy()));
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
    } finally {
      end.countDown();
      GIVEN_UP.clear();
      pool.shutdownNow();
    }

    String text = HeapDump.open(dump).loaders(20).toText();
    String loader = "StaleWebAppTest.ParallelWebappClassLoader@0x[0-9a-f]+ +";
    assertThat(text).containsPattern(loader + "closed +1 .*StaleWebAppTest\\$Servlet .*threadLocals");
    assertThat(text).containsPattern(loader + "replaced, no thread works for it +1 .*StaleWebAppTest.GIVEN_UP");
    assertThat(text).containsPattern(loader + "a thread works for it +1 ");
    assertThat(text).containsPattern("Paths to leaksafe.heap.StaleWebAppTest.ParallelWebappClassLoader@").contains("value: leaksafe.heap.StaleWebAppTest$Servlet");
  }
}
