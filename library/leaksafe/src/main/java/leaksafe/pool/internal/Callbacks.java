package leaksafe.pool.internal;

import leaksafe.Failure;
import leaksafe.Leak;
import leaksafe.internal.Reports;
import leaksafe.pool.OpenFailedException;
import leaksafe.pool.Pool;
import org.jspecify.annotations.Nullable;

/** Calls users' code, never under a lock, and reports what it throws where no caller is told. */
final class Callbacks<T> {
  private final Settings<T> settings;
  private final Source<?, T> source;
  private final Counters counters;

  Callbacks(Settings<T> settings, Source<?, T> source, Counters counters) {
    this.settings = settings;
    this.source = source;
    this.counters = counters;
  }

  /** Opens an object; what the opener throws is the caller's, its exceptions as the cause of one of ours. */
  T open() throws InterruptedException {
    boolean done = false;
    try {
      T object = source.open();
      counters.opened.increment();
      done = true;
      return object;
    } catch (InterruptedException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new OpenFailedException(settings.name() + ": the opener failed: " + Reports.line(e), e);
    } finally {
      if (!done) {
        counters.openFailures.increment();
      }
    }
  }

  /** Asks the validator; an object that it fails on is not valid. */
  boolean isValid(T object) {
    try {
      return !source.validates || source.test(object);
    } catch (Throwable e) {
      report("validator", "the object is disposed of", e);
      return false;
    }
  }

  /** Makes a returned object ready for the next holder; false if that failed, or nobody is left to want it. */
  boolean reset(T object) {
    try {
      return source.reset(object);
    } catch (Throwable e) {
      report("reset", "the object is disposed of", e);
      return false;
    }
  }

  /** Disposes of an object, once and for all, whatever happens. */
  void dispose(@Nullable T object) {
    if (object == null) {
      return;
    }
    Pool.Action<? super T> disposer = settings.disposer();
    try {
      if (disposer != null) {
        disposer.accept(object);
      } else if (object instanceof AutoCloseable closeable) {
        closeable.close();
      }
    } catch (Throwable e) {
      report("disposer", "", e);
    } finally {
      counters.disposed.increment();
    }
  }

  void tell(Leak leak) {
    Reports.tell(settings.leakListener(), leak);
  }

  void report(String role, String detail, Throwable cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt(); // whoever called us has to see it
    }
    Reports.tell(settings.failureListener(), new Failure(settings.name(), role, detail, cause));
  }
}
