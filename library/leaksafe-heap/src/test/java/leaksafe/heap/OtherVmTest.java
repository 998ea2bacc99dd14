package leaksafe.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import javax.management.remote.JMXConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherVmTest {
  @TempDir
  Path directory;

  private final List<Object> dumps = new ArrayList<>();

  /** A VM that says that it uses so much heap, and notes where it is to dump. */
  private OtherVm using(long heap) throws Exception {
    MBeanServer server = MBeanServerFactory.newMBeanServer();
    register(server, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class,
        (proxy, method, args) -> method.getName().equals("getHeapMemoryUsage") ? new MemoryUsage(-1, heap, heap, -1) : null);
    register(server, "com.sun.management:type=HotSpotDiagnostic", HotSpotDiagnosticMXBean.class, (proxy, method, args) -> {
      dumps.add(args[0]);
      return null;
    });
    return new OtherVm(1, proxy(JMXConnector.class, (proxy, method, args) -> method.getName().equals("getMBeanServerConnection") ? server : null));
  }

  private static <T> void register(MBeanServer server, String name, Class<T> type, InvocationHandler handler) throws Exception {
    server.registerMBean(new StandardMBean(proxy(type, handler), type, true) {
      @Override
      protected String getClassName(MBeanInfo info) {
        return type.getName(); // The server cannot load the class of a proxy by its name, to see what it implements.
      }
    }, new ObjectName(name));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(OtherVmTest.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Test
  void a_vm_is_not_asked_to_dump_where_the_disk_has_no_room_for_its_heap() throws Exception {
    Path file = directory.resolve("heap.hprof");
    try (OtherVm vm = using(Long.MAX_VALUE / 2)) {
      assertThatThrownBy(() -> vm.dump(file)).isInstanceOf(HeapDumpException.class).hasMessageContaining("are free: name another directory");
    }
    assertThat(dumps).isEmpty();
    try (OtherVm vm = using(1 << 20)) {
      vm.dump(file);
    }
    assertThat(dumps).containsExactly(file.toString());
  }
}
