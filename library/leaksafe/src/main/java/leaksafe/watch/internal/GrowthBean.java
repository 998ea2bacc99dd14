package leaksafe.watch.internal;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanRegistration;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;
import leaksafe.watch.Growth;
import leaksafe.watch.GrowthAlert;
import leaksafe.watch.GrowthListener;
import leaksafe.watch.GrowthMonitorMXBean;
import leaksafe.watch.Verdict;
import org.jspecify.annotations.Nullable;

/** A monitor for JMX. Held by the MBean server, so it holds the monitor weakly. */
final class GrowthBean extends NotificationBroadcasterSupport implements GrowthMonitorMXBean, MBeanRegistration, GrowthListener {
  private static final String GROWTH = "leaksafe.growth";
  private static final String ENDED = "leaksafe.growth.ended";

  private final String name;
  private final WeakReference<MonitorCore> monitor;
  private final AtomicLong sequence = new AtomicLong();
  private volatile @Nullable MBeanServer server;
  private volatile @Nullable ObjectName registeredAs;

  /** Creates the bean of a monitor. */
  GrowthBean(MonitorCore monitor) {
    super(new MBeanNotificationInfo(new String[] {GROWTH, ENDED}, Notification.class.getName(), "begins or ceases to grow steadily"));
    this.name = monitor.name();
    this.monitor = new WeakReference<>(monitor);
  }

  private MonitorCore monitor() {
    MonitorCore core = monitor.get();
    if (core == null) {
      throw new IllegalStateException("the growth monitor '" + name + "' was dropped: keep it in a field, or unregister this bean");
    }
    return core;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public String[] getReport() {
    return texts(monitor().growths().stream());
  }

  @Override
  public String[] getGrowing() {
    return texts(monitor().growths().stream().filter(growth -> growth.verdict() == Verdict.GROWING));
  }

  private static String[] texts(Stream<Growth> growths) {
    return growths.map(Growth::toString).toArray(String[]::new);
  }

  @Override
  public void sample() {
    monitor().sample();
  }

  @Override
  public void onGrowth(GrowthAlert alert) {
    ObjectName source = registeredAs;
    if (source != null) {
      sendNotification(new Notification(alert.ended() ? ENDED : GROWTH, source, sequence.incrementAndGet(), System.currentTimeMillis(),
          alert.toString()));
    }
  }

  /** The monitor was closed. */
  void unregister() {
    MBeanServer from = server;
    ObjectName as = registeredAs;
    if (from != null && as != null) {
      try {
        from.unregisterMBean(as);
      } catch (InstanceNotFoundException e) {
        // Somebody else did.
      } catch (JMException e) {
        throw new IllegalStateException("the bean " + as + " could not be unregistered", e);
      }
    }
  }

  @Override
  public ObjectName preRegister(MBeanServer newServer, ObjectName newName) {
    server = newServer;
    registeredAs = newName;
    return newName;
  }

  @Override
  public void postRegister(Boolean done) {
    if (!done) {
      postDeregister();
    }
  }

  @Override
  public void preDeregister() {}

  @Override
  public void postDeregister() {
    server = null;
    registeredAs = null;
  }
}
