package leaksafe.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import leaksafe.testing.Gc;
import leaksafe.testing.ManualTicker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts reach JMX, the flight recorder and the log. */
class GrowthAlertsTest {
  private final ManualTicker ticker = new ManualTicker();

  private GrowthMonitor monitor() {
    return GrowthMonitor.builder().name("alerts").atInterval(Duration.ofDays(36_500)).cycle(Duration.ZERO).heap(false).containers(false)
        .ticker(ticker).listener(alert -> { }).build();
  }

  private void grow(GrowthMonitor monitor) {
    AtomicLong figure = new AtomicLong();
    monitor.watch("orders", () -> figure.addAndGet(5));
    for (int i = 0; i < 65; i++) {
      ticker.advance(Duration.ofMinutes(1));
      monitor.sample();
    }
  }

  @Test
  void jmx_is_notified_and_asked_and_the_bean_goes_with_the_monitor() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("leaksafe:type=GrowthMonitor,name=alerts");
    List<Notification> notifications = new ArrayList<>();
    try (GrowthMonitor monitor = monitor()) {
      server.registerMBean(monitor.mxBean(), name);
      assertThat(monitor.mxBean()).isSameAs(monitor.mxBean());
      server.addNotificationListener(name, (notification, handback) -> notifications.add(notification), null, null);
      grow(monitor);
      assertThat(notifications).singleElement().satisfies(notification -> {
        assertThat(notification.getType()).isEqualTo("leaksafe.growth");
        assertThat(notification.getMessage()).startsWith("alerts: gauge orders: growing, ");
        assertThat(notification.getSource()).isEqualTo(name);
      });
      GrowthMonitorMXBean proxy = JMX.newMXBeanProxy(server, name, GrowthMonitorMXBean.class);
      assertThat(proxy.getName()).isEqualTo("alerts");
      assertThat(proxy.getGrowing()).singleElement().asString().startsWith("gauge orders: growing, ");
      assertThat(proxy.getReport()).hasSize(1);
      proxy.sample();
    }
    assertThat(server.isRegistered(name)).isFalse();
  }

  @Test
  void a_registered_bean_does_not_keep_its_monitor() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("leaksafe:type=GrowthMonitor,name=dropped");
    Gc.awaitCleared(registerAndDrop(server, name));
    try {
      assertThatThrownBy(() -> server.getAttribute(name, "Report")).isInstanceOf(RuntimeMBeanException.class)
          .hasRootCauseMessage("the growth monitor 'alerts' was dropped: keep it in a field, or unregister this bean");
    } finally {
      server.unregisterMBean(name);
    }
  }

  private java.lang.ref.WeakReference<GrowthMonitor> registerAndDrop(MBeanServer server, ObjectName name) throws Exception {
    GrowthMonitor monitor = monitor();
    server.registerMBean(monitor.mxBean(), name);
    return new java.lang.ref.WeakReference<>(monitor);
  }

  @Test
  void a_closed_monitor_has_no_bean() {
    GrowthMonitor monitor = monitor();
    monitor.close();
    assertThatIllegalStateException().isThrownBy(monitor::mxBean).withMessageStartingWith("the growth monitor 'alerts' is closed and ");
  }

  @Test
  void the_flight_recorder_gets_an_event(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("growth.jfr");
    try (Recording recording = new Recording(); GrowthMonitor monitor = monitor()) {
      recording.enable("leaksafe.Growth");
      recording.start();
      grow(monitor);
      recording.stop();
      recording.dump(file);
    }
    assertThat(Files.size(file)).isPositive();
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events).filteredOn(event -> event.getEventType().getName().equals("leaksafe.Growth")).singleElement().satisfies(event -> {
      assertThat(event.getString("monitor")).isEqualTo("alerts");
      assertThat(event.getString("name")).isEqualTo("orders");
      assertThat(event.getDouble("perHour")).isEqualTo(300);
      assertThat(event.getString("site")).contains("GrowthAlertsTest.java:");
      assertThat(event.getString("text")).startsWith("alerts: gauge orders: growing");
    });
  }
}
