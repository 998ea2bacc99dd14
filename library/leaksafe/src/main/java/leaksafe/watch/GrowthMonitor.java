package leaksafe.watch;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import leaksafe.internal.CallSite;
import leaksafe.watch.internal.MonitorCore;
import leaksafe.watch.internal.Settings;

/**
 * Tells what grows steadily: containers of leaksafe, the heap, {@linkplain GrowthMonitorBuilder#watchClasses classes} if asked to, and any figure
 * that it is given; how fast, since when, and from which
 * line of the user's code.
 *
 * <p>It takes samples after garbage collections or at an interval, and keeps the minimum of some samples at a time. {@link GrowthTest} says by
 * which rules those grow. Containers of one name, kind and site are one figure, and where there are several, their number is another. A
 * container with a maximum size is never said to grow: it fills up.
 *
 * <p><b>How soon.</b> After 65 samples at the earliest. In 95 of 100 cases, what grows with each sample by a sixteenth of its noise (the standard
 * deviation) is told within 85 samples, and what grows by an eightieth of it within 260. A warm-up of up to 45 samples, a step, a
 * sawtooth, and a wave that is not longer than the {@linkplain GrowthMonitorBuilder#cycle cycle} are told in at most one of 100 cases over 600
 * samples; a figure that drifts more often. {@code benchmarks/watch.md} has the whole table, and where this is wrong.
 *
 * <p><b>The cycle.</b> In the morning the load of most systems grows as a leak would. So what was not watched for a whole cycle, a
 * day by default, is only {@linkplain Verdict#SUSPECTED suspected}, and told to nobody, unless the heap itself grows and will be full within
 * a quarter of the cycle. In tests and short runs say {@code cycle(Duration.ZERO)}.
 *
 * <p><b>Lifetime.</b> Keep the monitor in a field: when it is collected or closed, it ends. It has no thread of its own. It holds numbers and
 * names; of users' objects only gauges without an owner, until they are unwatched or the monitor is closed.
 *
 * <p><b>Cost.</b> A sample asks each container for its size: about a microsecond each, and a test for each figure, 3 to 200 us. Some 4 KB for
 * each figure.
 *
 * <p><b>Threads.</b> Safe for use by many threads.
 *
 * {@snippet :
 * static final GrowthMonitor MONITOR = GrowthMonitor.builder().name("production").build();
 * }
 */
public final class GrowthMonitor implements AutoCloseable {
  private final MonitorCore core;

  GrowthMonitor(Settings settings) {
    core = new MonitorCore(settings);
  }

  /** Returns a builder. */
  public static GrowthMonitorBuilder builder() {
    return new GrowthMonitorBuilder();
  }

  /**
   * Watches a figure, until it is unwatched or this monitor closed. The monitor holds the supplier: if it reaches an object that should go
   * before, use {@link #watch(String, Object, ToLongFunction)}.
   *
   * @param name for reports; must not be in use
   * @param supplier called for each sample, on a thread of the library's choosing; what it throws is reported, and the sample left out
   * @throws IllegalArgumentException if the name is in use
   * @throws IllegalStateException if there are as many gauges as {@code maximumSeries}, or this monitor is closed
   */
  public void watch(String name, LongSupplier supplier) {
    core.watch(requireNonNull(name, "name"), CallSite.capture(), requireNonNull(supplier, "supplier"));
  }

  /**
   * Watches a figure of an object, which is held weakly: {@code monitor.watch("orders", orders, Map::size)}. Ends when the object is
   * collected.
   *
   * @param name for reports; must not be in use
   * @param function called for each sample with the object; must not reach it by itself
   * @throws IllegalArgumentException if the name is in use, or the function was seen to reach the object, with the path
   * @throws IllegalStateException if there are as many gauges as {@code maximumSeries}, or this monitor is closed
   */
  public <T> void watch(String name, T owner, ToLongFunction<? super T> function) {
    core.watch(requireNonNull(name, "name"), CallSite.capture(), requireNonNull(owner, "owner"), requireNonNull(function, "function"));
  }

  /** Forgets a gauge; returns whether there was one of that name. */
  public boolean unwatch(String name) {
    return core.unwatch(requireNonNull(name, "name"));
  }

  /**
   * Takes a sample now, beside those that are taken by themselves, and tells the listeners of what changed by it, on this thread.
   *
   * @throws IllegalStateException if this monitor is closed
   */
  public void sample() {
    core.sampleNow();
  }

  /** Returns what is thought of each figure: the most alarming first, and of those the fastest. */
  public List<Growth> report() {
    return core.growths();
  }

  /** Returns what grows: the fastest first. */
  public List<Growth> growing() {
    return report().stream().filter(growth -> growth.verdict() == Verdict.GROWING).toList();
  }

  /**
   * Returns an MBean, which emits a notification for each alert, for you to register. It is unregistered when this monitor is closed. It
   * holds the monitor weakly, but as long as it is registered, the MBean server holds the class of the bean.
   *
   * {@snippet :
   * ManagementFactory.getPlatformMBeanServer().registerMBean(MONITOR.mxBean(), new ObjectName("leaksafe:type=GrowthMonitor,name=production"));
   * }
   *
   * @throws IllegalStateException if the JVM was started without the module {@code java.management}
   */
  public GrowthMonitorMXBean mxBean() {
    return core.mxBean();
  }

  /** Ends the sampling and lets go of the gauges. Does nothing the second time. */
  @Override
  public void close() {
    core.close();
  }
}
