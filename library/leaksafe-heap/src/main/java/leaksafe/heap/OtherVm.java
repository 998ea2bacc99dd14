package leaksafe.heap;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import leaksafe.heap.internal.ChildVm;

/** Another VM of the same user on this machine. Needs the module {@code jdk.attach}, which every JDK has. */
public final class OtherVm {
  private OtherVm() {}

  /**
   * Has the VM with the given process id dump its live objects to a file, which must not exist yet; checks free disk first.
   *
   * @throws IOException if there is no such VM, it refuses, or the disk has no room
   */
  @SuppressWarnings("BanJNDI") // The address comes from the VM that we attached to, not from a user.
  public static void dump(long pid, Path file) throws IOException {
    if (pid < 1) {
      throw new IOException("a process id is at least 1, but was " + pid);
    }
    Path target = file.toAbsolutePath();
    if (Files.exists(target)) {
      throw new HeapDumpException(target + " exists: name a file that does not", -1);
    }
    if (!target.toString().endsWith(".hprof")) {
      throw new HeapDumpException("the file must end with .hprof, but was " + target.getFileName(), -1);
    }
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new HeapDumpException("there is no directory " + parent + " to dump to", -1);
    }
    if (pid == ProcessHandle.current().pid()) {
      throw new IOException("process " + pid + " is this very VM, which cannot attach to itself: name another, or use HeapInspector from within");
    }
    VirtualMachine vm;
    try {
      vm = VirtualMachine.attach(Long.toString(pid));
    } catch (AttachNotSupportedException e) {
      throw new IOException("process " + pid + " is no Java VM, or lets nobody attach", e);
    } catch (IOException e) {
      throw new IOException("process " + pid + " cannot be attached to, which takes a running VM of the same user: " + e.getMessage(), e);
    }
    try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(vm.startLocalManagementAgent()))) {
      MBeanServerConnection connection = connector.getMBeanServerConnection();
      MemoryMXBean memory = ManagementFactory.getPlatformMXBean(connection, MemoryMXBean.class);
      ChildVm.checkDisk(target, memory.getHeapMemoryUsage().getUsed());
      ManagementFactory.getPlatformMXBean(connection, HotSpotDiagnosticMXBean.class).dumpHeap(target.toString(), true);
    } finally {
      vm.detach();
    }
  }
}
