package leaksafe.pool.internal;

import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import leaksafe.Failure;
import leaksafe.Leak;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;
import leaksafe.pool.Pool;
import org.jspecify.annotations.Nullable;

/** Calls users' code, never under a lock, and reports what it throws where no caller is told. */
final class Callbacks<T> {
  final LongAdder opened = new LongAdder();
  final LongAdder openFailures = new LongAdder();
  final LongAdder disposed = new LongAdder();

  private final Settings<T> settings;

  Callbacks(Settings<T> settings) {
    this.settings = settings;
  }

  /** Opens an object; what the opener throws is the caller's. */
  T open() throws Exception {
    boolean done = false;
    try {
      T object = Objects.requireNonNull(settings.opener().open(), "the opener returned null");
      opened.increment();
      done = true;
      return object;
    } finally {
      if (!done) {
        openFailures.increment();
      }
    }
  }

  /** Asks the validator; an object that it fails on is not valid. */
  boolean isValid(T object) {
    Pool.Validator<? super T> validator = settings.validator();
    try {
      return validator == null || validator.test(object);
    } catch (Throwable e) {
      report("validator", "the object is disposed of", e);
      return false;
    }
  }

  /** Makes a returned object ready for the next holder; false if that failed. */
  boolean reset(T object) {
    Pool.Action<? super T> reset = settings.reset();
    try {
      if (reset != null) {
        reset.accept(object);
      }
      return true;
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
      disposed.increment();
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

  /** Has users' code run by the executor, for nobody waits for it. */
  void handOver(Runnable task) {
    try {
      settings.executor().execute(task);
    } catch (Throwable e) {
      // It must not be lost, and the failure listener is users' code too.
      Reaper.userCodeExecutor().execute(() -> {
        report("executor", "it refused a task, which the common pool runs instead", e);
        task.run();
      });
    }
  }
}
