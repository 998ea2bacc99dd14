package leaksafe.census;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;

/**
 * Takes a snapshot in each period; see {@link Census#every}. Ends when it is closed or dropped, so whoever wants its snapshots keeps it.
 */
public final class CensusSampler implements AutoCloseable {
  private static final Duration SHORTEST = Duration.ofMillis(10);

  private final Duration period;
  private final long periodNanos;
  private final Consumer<? super CensusSnapshot> consumer;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile boolean closed;
  @SuppressWarnings("unused") // the reaper holds it weakly
  private final Reaper.Client client = this::work;
  private final Reaper.Registration registration;

  CensusSampler(Duration period, Consumer<? super CensusSnapshot> consumer) {
    if (Objects.requireNonNull(period, "period").compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("period must be at least " + SHORTEST + ", but was " + period);
    }
    this.period = period;
    this.periodNanos = period.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1).toNanos() : period.toNanos();
    this.consumer = consumer;
    this.registration = Reaper.register(client, false);
  }

  private long work(long nanoTime) {
    if (busy.compareAndSet(false, true)) {
      try {
        Reaper.userCodeExecutor().execute(this::sample);
      } catch (RuntimeException | Error e) {
        busy.set(false);
        throw e;
      }
    }
    return periodNanos;
  }

  private void sample() {
    try {
      if (!closed) {
        consumer.accept(Census.snapshot());
      }
    } catch (Throwable e) {
      Reports.tell(FailureListener.logging(), new Failure("census", "sampler", consumer.getClass().getName(), e));
    } finally {
      busy.set(false);
    }
  }

  /** Ends the sampling; a call of the consumer that runs already is not waited for. Does nothing the second time. */
  @Override
  public void close() {
    closed = true;
    registration.cancel();
  }

  @Override
  public String toString() {
    return "census every " + period + (closed ? ", closed" : "");
  }
}
