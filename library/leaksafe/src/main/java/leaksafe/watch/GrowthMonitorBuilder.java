package leaksafe.watch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import leaksafe.FailureListener;
import leaksafe.Ticker;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.Reaper;
import leaksafe.watch.internal.GrowthEvents;
import leaksafe.watch.internal.JvmModules;
import leaksafe.watch.internal.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link GrowthMonitor}s. Everything has a default: containers and the heap are watched after collections, at most every 10
 * seconds. Not safe for use by many threads; may build more than one monitor.
 */
public final class GrowthMonitorBuilder {
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private @Nullable String name;
  private Duration interval = Duration.ofSeconds(10);
  private boolean afterCollections = true;
  private Duration cycle = Duration.ofDays(1);
  private long minimumGrowth = 16;
  private int maximumSeries = 512;
  private boolean containers = true;
  private boolean heap = true;
  private boolean classes;
  private int classSeries; // 0 for none
  private Predicate<String> classNames = name -> true;
  private final List<GrowthListener> listeners = new ArrayList<>();
  private FailureListener failureListener = FailureListener.logging();
  private Executor executor = Reaper.userCodeExecutor();
  private Ticker ticker = Ticker.systemTicker();

  GrowthMonitorBuilder() {}

  /** Sets the name that reports and messages carry. The default is made of the line that builds the monitor. */
  public GrowthMonitorBuilder name(String name) {
    this.name = requireNonNull(name, "name");
    return this;
  }

  /**
   * Has a sample taken when there was a collection since the last one; this is the default, every 10 seconds at most. A JVM that does not
   * collect does not grow, as far as the heap is concerned.
   *
   * @param interval the shortest time between two samples, 1 ms to 100 years
   */
  public GrowthMonitorBuilder afterCollections(Duration interval) {
    this.interval = check("interval", interval, SHORTEST_INTERVAL);
    this.afterCollections = true;
    return this;
  }

  /**
   * Has a sample taken at an interval, collections or not.
   *
   * @param interval the time between two samples, 1 ms to 100 years
   */
  public GrowthMonitorBuilder atInterval(Duration interval) {
    this.interval = check("interval", interval, SHORTEST_INTERVAL);
    this.afterCollections = false;
    return this;
  }

  /**
   * Sets the longest time in which figures go up and down by themselves; a day if it is not set. What was watched for a shorter time is
   * suspected at most: see {@link GrowthMonitor}.
   *
   * @param cycle 0 to 100 years; 0 says that nothing goes up and down by itself, as in tests, so that whatever grows within a window is told
   */
  public GrowthMonitorBuilder cycle(Duration cycle) {
    this.cycle = check("cycle", cycle, Duration.ZERO);
    return this;
  }

  private static Duration check(String what, Duration time, Duration least) {
    if (requireNonNull(time, what).compareTo(least) < 0 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(what + " must be " + least.toMillis() + " ms to 100 years, but was " + time);
    }
    return time;
  }

  /**
   * Sets by how many entries a figure must grow within a window to be worth telling; 16 if it is not set. For the heap it is a mebibyte.
   *
   * @param units at least 1
   */
  public GrowthMonitorBuilder minimumGrowth(long units) {
    if (units < 1) {
      throw new IllegalArgumentException("minimumGrowth must be at least 1, but was " + units);
    }
    this.minimumGrowth = units;
    return this;
  }

  /**
   * Sets how many figures are watched at most; 512 if it is not set. Those beyond are counted in the monitor's own figures.
   *
   * @param maximum at least 1
   */
  public GrowthMonitorBuilder maximumSeries(int maximum) {
    if (maximum < 1) {
      throw new IllegalArgumentException("maximumSeries must be at least 1, but was " + maximum);
    }
    this.maximumSeries = maximum;
    return this;
  }

  /** Sets whether all containers of the census are watched; they are if it is not set. */
  public GrowthMonitorBuilder containers(boolean watched) {
    this.containers = watched;
    return this;
  }

  /** Sets whether the heap is watched: what was live after the last collections; it is if it is not set. */
  public GrowthMonitorBuilder heap(boolean watched) {
    this.heap = watched;
    return this;
  }

  /**
   * Has the alert of a growing heap name the classes that hold more than when it was first suspected. Takes two {@linkplain HeapSnapshot#live
   * class histograms}, each of which stops the JVM for a full collection. Off if it is not set.
   */
  public GrowthMonitorBuilder classes(boolean compared) {
    this.classes = compared;
    return this;
  }

  /**
   * Has the numbers of instances of the largest classes watched, too, each as a figure of its own; none are if it is not set. What is among the
   * largest by bytes, of those whose names are asked for, gets a figure, and keeps it until it is not even among twice as many.
   *
   * <p><b>Cost.</b> Each sample takes a {@linkplain HeapSnapshot#live class histogram}, which stops the JVM for a full collection: seconds for a heap of
   * gigabytes. Choose an interval of many minutes for a large heap; for tests and small heaps any will do. What a collection leaves is exact, so
   * a class that leaks shows after the fewest samples. A JVM that cannot count its classes is reported, and the other figures go on.
   *
   * @param largest how many, at least 1; they count towards {@code maximumSeries}
   * @param names which names, as Java writes them ({@code byte[]}, {@code com.acme.Order$Line}), are asked for; called for each class at each sample
   */
  public GrowthMonitorBuilder watchClasses(int largest, Predicate<String> names) {
    if (largest < 1) {
      throw new IllegalArgumentException("largest must be at least 1, but was " + largest);
    }
    this.classNames = requireNonNull(names, "names");
    this.classSeries = largest;
    return this;
  }

  /** Adds a listener. Without any, alerts are logged: see {@link GrowthListener#logging}. */
  public GrowthMonitorBuilder listener(GrowthListener listener) {
    listeners.add(requireNonNull(listener, "listener"));
    return this;
  }

  /** Has a listener told of what gauges, foreign containers and listeners throw; the log if it is not set. */
  public GrowthMonitorBuilder failureListener(FailureListener listener) {
    this.failureListener = requireNonNull(listener, "listener");
    return this;
  }

  /** Sets what takes samples and tells listeners; the common pool if it is not set. */
  public GrowthMonitorBuilder executor(Executor executor) {
    this.executor = requireNonNull(executor, "executor");
    return this;
  }

  /** Sets the clock. */
  public GrowthMonitorBuilder ticker(Ticker ticker) {
    this.ticker = requireNonNull(ticker, "ticker");
    return this;
  }

  /**
   * Returns the monitor, which begins to take samples.
   *
   * @throws IllegalStateException if the JVM was started without the module {@code java.management} and collections, the heap or classes are to
   *     be watched
   */
  public GrowthMonitor build() {
    if ((afterCollections || heap || classes || classSeries > 0) && !JvmModules.hasManagement()) {
      throw new IllegalStateException("collections and the heap are seen through the module java.management, which this JVM was started "
          + "without: add --add-modules java.management, or say atInterval(...).heap(false)");
    }
    String site = CallSite.capture();
    List<GrowthListener> all = new ArrayList<>(listeners.isEmpty() ? List.of(GrowthListener.logging()) : listeners);
    GrowthEvents.listener().ifPresent(all::add);
    return new GrowthMonitor(new Settings(name == null ? Containers.defaultName("monitor", site) : name, site, interval, afterCollections,
        cycle, minimumGrowth, maximumSeries, containers, heap, classes, classSeries, classNames, all, failureListener, executor, ticker));
  }
}
