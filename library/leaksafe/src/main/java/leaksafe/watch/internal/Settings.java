package leaksafe.watch.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import leaksafe.FailureListener;
import leaksafe.Ticker;
import leaksafe.watch.GrowthListener;

/** How a monitor was built. */
public record Settings(String name, String site, Duration interval, boolean afterCollections, Duration cycle, long minimumGrowth,
    int maximumSeries, boolean containers, boolean heap, boolean classes, int classSeries, Predicate<String> classNames,
    List<GrowthListener> listeners,
    FailureListener failureListener, Executor executor, Ticker ticker) {

  /** Copies the listeners. */
  public Settings {
    listeners = List.copyOf(listeners);
  }
}
