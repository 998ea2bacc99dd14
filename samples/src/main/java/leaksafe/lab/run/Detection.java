package leaksafe.lab.run;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import leaksafe.lab.Scenario;
import leaksafe.watch.Growth;
import leaksafe.watch.GrowthMonitor;

/**
 * What somebody would have running beside an ad-hoc program: a growth monitor over its classes and its collections. The lab leaks in seconds what a
 * service leaks in weeks, so samples are taken every few operations, and not at times. It ends with the culprit's name, and the rest of the run
 * goes on undisturbed.
 */
final class Detection implements AutoCloseable {
  private static final int EVERY = 24; // operations
  private static final int CLASSES = 40;

  private final GrowthMonitor monitor;
  private boolean named;

  /** Begins to tell of all that grows. */
  Detection(Scenario scenario, LongSupplier elapsedMillis, Consumer<Named> told) {
    scenario.watchAdHoc();
    monitor = GrowthMonitor.builder().name("lab").atInterval(Duration.ofDays(1)).cycle(Duration.ZERO).heap(false)
        .watchClasses(CLASSES, name -> true)
        .listener(alert -> {
          if (!alert.ended()) {
            Growth growth = alert.growth();
            told.accept(new Named(elapsedMillis.getAsLong(), growth.kind(), growth.name(), growth.latest()));
            named |= growth.name().equals(scenario.culprit());
          }
        })
        .build();
    monitor.sample(); // what the first one loads is not to be counted as the scenario's work
  }

  /** So many operations were done. */
  void operations(long done) {
    if (!named && done % EVERY == 0) {
      monitor.sample();
    }
  }

  @Override
  public void close() {
    monitor.close();
  }
}
