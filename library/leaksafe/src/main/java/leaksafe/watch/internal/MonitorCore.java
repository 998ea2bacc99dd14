package leaksafe.watch.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.Ticker;
import leaksafe.internal.Containers;
import leaksafe.internal.HandOver;
import leaksafe.internal.Reaper;
import leaksafe.internal.Reports;
import leaksafe.watch.Growth;
import leaksafe.watch.GrowthAlert;
import leaksafe.watch.GrowthListener;
import leaksafe.watch.GrowthMonitorMXBean;
import leaksafe.watch.HeapSnapshot;
import leaksafe.watch.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples when they are due and tells of what grows.
 *
 * <p>The reaper only looks whether a sample is due. Samples are taken on the executor, since gauges and the maps that users had watched
 * are users' code; {@code lock} guards the figures and is never held while users' code runs.
 */
public final class MonitorCore implements Reaper.Client, Container {
  private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;
  private static final int SITES = 3;

  private final Settings settings;
  private final Gauges gauges;
  private final ClassWatch classes;
  private final ClassSeries classSeries;
  private final ReentrantLock lock = new ReentrantLock();
  private final Figures figures; // guarded by lock
  private final AtomicBoolean sampling = new AtomicBoolean();
  private volatile boolean closed;
  private final AtomicReference<@Nullable GrowthBean> bean = new AtomicReference<>();

  // The reaper's thread alone.
  private long sampledAt;
  private long collections;

  private final Containers.Announcement announcement;
  private final Reaper.Registration registration;

  /** Creates a monitor, which the reaper asks to work for as long as it is reachable. */
  public MonitorCore(Settings settings) {
    this.settings = settings;
    this.gauges = new Gauges(settings.maximumSeries());
    this.classes = new ClassWatch(settings.classes());
    this.classSeries = new ClassSeries(settings.classSeries(), settings.classNames(), HeapSnapshot::live);
    this.figures = new Figures(settings);
    this.sampledAt = settings.ticker().read();
    this.collections = settings.afterCollections() ? HeapProbe.collections() : 0;
    this.announcement = Containers.announce(this);
    this.registration = Reaper.register(this, false);
  }

  @Override
  public long work(long nanoTime) {
    long interval = settings.interval().toNanos();
    long now = settings.ticker() == Ticker.systemTicker() ? nanoTime : settings.ticker().read();
    long due = interval - (now - sampledAt);
    if (due <= 0 && isWorthwhile()) {
      sampledAt = now;
      sampleLater();
    }
    return Math.min(LONGEST_PAUSE_NANOS, due <= 0 ? interval : due);
  }

  private boolean isWorthwhile() {
    if (!settings.afterCollections()) {
      return true;
    }
    long before = collections;
    collections = HeapProbe.collections();
    return collections != before;
  }

  private void sampleLater() {
    if (!sampling.compareAndSet(false, true)) {
      return; // the last one still runs
    }
    Runnable task = () -> {
      try {
        sample();
      } catch (Throwable e) {
        fail("sample", "", e);
      } finally {
        sampling.set(false);
      }
    };
    HandOver.to(settings.executor(), task, settings.name(), settings.failureListener());
  }

  /** Takes a sample that somebody asked for. */
  public void sampleNow() {
    checkOpen();
    sample();
  }

  /** Takes a sample now and tells the listeners of what changed by it. Does nothing once closed: one that was due may come after that. */
  public void sample() {
    if (closed) {
      return;
    }
    Map<Key, Reading> readings = new HashMap<>();
    if (settings.heap()) {
      long live = HeapProbe.live();
      if (live > 0) {
        readings.put(Key.HEAP, Reading.of(live));
      }
    }
    if (settings.containers()) {
      readContainers(readings);
    }
    count(() -> classSeries.read(readings));
    gauges.read(readings, (key, e) -> Reports.tell(settings.failureListener(), Gauges.failure(settings.name(), key, e)));
    List<Figures.Change> changes;
    Optional<Growth> heap;
    boolean stirs;
    lock.lock();
    try {
      changes = figures.add(settings.ticker().read(), readings);
      heap = figures.heap();
      stirs = figures.heapStirs();
    } finally {
      lock.unlock();
    }
    boolean suspected = stirs;
    count(() -> classes.look(suspected));
    for (Figures.Change change : changes) {
      tell(new GrowthAlert(settings.name(), change.ended(), withSites(change.growth()), heap,
          change.growth().kind().equals("heap") ? grownClasses() : List.of()));
    }
  }

  /** Counts classes; a JVM that cannot is reported, and stops nobody. */
  private void count(Runnable histograms) {
    try {
      histograms.run();
    } catch (RuntimeException e) {
      fail("class histogram", "", e);
    }
  }

  private List<String> grownClasses() {
    List<String> grown = new ArrayList<>();
    count(() -> grown.addAll(classes.grown()));
    return grown;
  }

  private void readContainers(Map<Key, Reading> readings) {
    for (Container container : Containers.list()) {
      try {
        Number maximum = container.isUnbounded() ? null : container.figures().get("maximum");
        Reading reading = new Reading(container.estimatedSize(), 1, maximum == null ? -1 : maximum.longValue(), container.bound());
        readings.merge(Key.of(container), reading, Reading::plus);
      } catch (Throwable e) { // a foreign container's code
        fail("container", container.getClass().getName(), e);
      }
    }
    List<Key> several = new ArrayList<>();
    readings.forEach((key, reading) -> {
      if (reading.containers() > 1) {
        several.add(key);
      }
    });
    for (Key key : several) {
      readings.put(key.number(), Reading.of(readings.getOrDefault(key, Reading.of(0)).containers()));
    }
  }

  private void tell(GrowthAlert alert) {
    for (GrowthListener listener : settings.listeners()) {
      tell(listener, alert);
    }
    GrowthBean registered = bean.get();
    if (registered != null) {
      tell(registered, alert);
    }
  }

  private void tell(GrowthListener listener, GrowthAlert alert) {
    try {
      listener.onGrowth(alert);
    } catch (Throwable e) {
      fail("growth listener", alert.toString(), e);
    }
  }

  private void fail(String role, String detail, Throwable cause) {
    Reports.tell(settings.failureListener(), new Failure(settings.name(), role, detail, cause));
  }

  /** Returns all figures, the most alarming first, and among those the fastest. */
  public List<Growth> growths() {
    List<Growth> all;
    lock.lock();
    try {
      all = figures.growths();
    } finally {
      lock.unlock();
    }
    return all.stream().map(this::withSites)
        .sorted(Comparator.comparing(Growth::verdict).thenComparing(Growth::perHour).reversed().thenComparing(Growth::name)).toList();
  }

  private Growth withSites(Growth growth) {
    if (growth.verdict().compareTo(Verdict.SUSPECTED) < 0) {
      return growth;
    }
    Key key = new Key(growth.kind(), growth.name(), growth.site());
    Map<String, Long> sites = new HashMap<>();
    for (Container container : Containers.list()) {
      if (Key.of(container).equals(key)) {
        container.sites().forEach((site, count) -> sites.merge(site, count, Long::sum));
      }
    }
    List<String> most = sites.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
        .limit(SITES).map(entry -> entry.getKey() + " (" + entry.getValue() + ")").toList();
    return new Growth(growth.name(), growth.kind(), growth.site(), growth.bound(), growth.verdict(), growth.reason(), growth.latest(),
        growth.perHour(), growth.observed(), growth.fullIn(), most, growth.floors());
  }

  /** Watches a figure until it is unwatched. */
  public void watch(String gauge, String site, LongSupplier supplier) {
    checkOpen();
    gauges.add(gauge, site, supplier);
  }

  /** Watches a figure of an owner until it is unwatched or the owner collected. */
  public <T> void watch(String gauge, String site, T owner, ToLongFunction<? super T> function) {
    checkOpen();
    gauges.add(gauge, site, owner, function);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the growth monitor '" + settings.name() + "' is closed and watches nothing any more: close it after its last "
          + "use, or build a new one");
    }
  }

  /** Forgets a gauge; returns whether it was there. */
  public boolean unwatch(String gauge) {
    Key key = gauges.remove(gauge);
    if (key == null) {
      return false;
    }
    lock.lock();
    try {
      figures.remove(key);
    } finally {
      lock.unlock();
    }
    return true;
  }

  /** Returns the one MBean of this monitor, which is told of alerts, and is made if it is not there. */
  public GrowthMonitorMXBean mxBean() {
    checkOpen();
    if (!JvmModules.hasManagement()) {
      throw new IllegalStateException(
          "an MBean needs the module java.management, which this JVM was started without: add --add-modules java.management");
    }
    GrowthBean present = bean.get();
    if (present != null) {
      return present;
    }
    GrowthBean made = new GrowthBean(this);
    return bean.compareAndSet(null, made) ? made : Objects.requireNonNull(bean.get());
  }

  /** Ends the sampling. */
  public void close() {
    closed = true;
    registration.cancel();
    announcement.withdraw();
    gauges.clear();
    classes.clear();
    GrowthBean registered = bean.getAndSet(null);
    if (registered != null) {
      registered.unregister();
    }
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public String kind() {
    return "monitor";
  }

  @Override
  public String creationSite() {
    return settings.site();
  }

  @Override
  public long estimatedSize() {
    lock.lock();
    try {
      return figures.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String bound() {
    return "maximumSeries " + settings.maximumSeries();
  }

  @Override
  public Map<String, Number> figures() {
    lock.lock();
    try {
      return Map.of("maximum", settings.maximumSeries(), "gauges", gauges.size(), "unwatched", figures.unwatched());
    } finally {
      lock.unlock();
    }
  }
}
