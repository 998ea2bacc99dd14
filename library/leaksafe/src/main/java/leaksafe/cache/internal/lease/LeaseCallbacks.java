package leaksafe.cache.internal.lease;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leaksafe.Failure;
import leaksafe.Leak;
import leaksafe.cache.LeaseCache;
import leaksafe.internal.HandOver;
import leaksafe.internal.LeakWatch;
import leaksafe.internal.Reports;

/** Calls users' code, never under a lock, and reports what it throws where no caller is told. */
final class LeaseCallbacks<V> {
  private final LeaseSettings<V> settings;

  LeaseCallbacks(LeaseSettings<V> settings) {
    this.settings = settings;
  }

  /** Throws if a value could not be closed once it is time. */
  void requireCloseable(V value) {
    if (settings.closer() == null && !(value instanceof AutoCloseable)) {
      throw new IllegalArgumentException(settings.name() + ": the opener returned a " + value.getClass().getName()
          + ", must return something AutoCloseable, or else the cache needs a closer: set closer(…)");
    }
  }

  /** Closes a value, whatever happens. */
  void close(V value) {
    LeaseCache.Closer<? super V> closer = settings.closer();
    try {
      if (closer != null) {
        closer.close(value);
      } else {
        ((AutoCloseable) value).close();
      }
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt(); // whoever called us has to see it
      }
      tell("closer", "of a " + value.getClass().getName(), e);
    }
  }

  /** Reports what users' code threw that was called for its answer. */
  void tell(String role, String detail, Throwable cause) {
    Reports.tell(settings.failureListener(), new Failure(settings.name(), role, detail, cause));
  }

  /** Reports a lease that was dropped. */
  void tellDropped(String type, String site, long ageNanos) {
    Leak leak = new Leak(settings.name(), "lease", type, site,
        Duration.ofMillis(Math.max(0, TimeUnit.NANOSECONDS.toMillis(ageNanos))), List.of());
    LeakWatch.tell(leak);
    handOver(() -> Reports.tell(settings.leakListener(), leak));
  }

  /** Reports the cache itself, which was dropped, and has the rest done after that. */
  void tellAbandoned(long ageNanos, Runnable then) {
    Leak leak = new Leak(settings.name(), "lease cache", settings.name(), settings.creationSite(),
        Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(ageNanos)), List.of());
    LeakWatch.tell(leak);
    handOver(() -> {
      Reports.tell(settings.leakListener(), leak);
      then.run();
    });
  }

  /** Has users' code run once by the executor, for nobody waits for it. */
  void handOver(Runnable task) {
    HandOver.to(settings.executor(), task, settings.name(), settings.failureListener());
  }
}
