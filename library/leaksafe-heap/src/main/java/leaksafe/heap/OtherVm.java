package leaksafe.heap;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import leaksafe.heap.internal.ChildVm;

/**
 * Another VM of the same user on this machine. Needs the module {@code jdk.attach}, which every JDK has.
 *
 * <p>The other VM starts its local management agent, which stays with some threads after this is closed: who compares several heaps of one
 * VM should take them over one connection, so that the threads of further ones are not among what grew. Not thread-safe.
 */
public final class OtherVm implements AutoCloseable {
  private final long pid;
  private final JMXConnector connector;

  OtherVm(long pid, JMXConnector connector) {
    this.pid = pid;
    this.connector = connector;
  }

  /**
   * Connects to the VM with the given process id.
   *
   * @throws IOException if there is no such VM, or it refuses
   */
  @SuppressWarnings("BanJNDI") // The address comes from the VM that we attached to, not from a user.
  public static OtherVm attach(long pid) throws IOException {
    if (pid < 1) {
      throw new IOException("a process id is at least 1, but was " + pid);
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
    try {
      return new OtherVm(pid, JMXConnectorFactory.connect(new JMXServiceURL(vm.startLocalManagementAgent())));
    } finally {
      vm.detach();
    }
  }

  /**
   * Has the VM with the given process id dump its live objects to a file, which must not exist yet; checks free disk first.
   *
   * @throws IOException if there is no such VM, it refuses, or the disk has no room
   */
  public static void dump(long pid, Path file) throws IOException {
    if (pid < 1) {
      throw new IOException("a process id is at least 1, but was " + pid);
    }
    checkTarget(file.toAbsolutePath());
    try (OtherVm vm = attach(pid)) {
      vm.dump(file);
    }
  }

  /**
   * Has the VM dump its live objects to a file, which must not exist yet; checks free disk first. The other VM writes the file, with the
   * rights and as a file of its user.
   *
   * @throws IOException if the VM has ended or may not write there, or the disk has no room
   */
  public void dump(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    checkTarget(target);
    try {
      MBeanServerConnection connection = connector.getMBeanServerConnection();
      MemoryMXBean memory = ManagementFactory.getPlatformMXBean(connection, MemoryMXBean.class);
      ChildVm.checkDisk(target, memory.getHeapMemoryUsage().getUsed());
      ManagementFactory.getPlatformMXBean(connection, HotSpotDiagnosticMXBean.class).dumpHeap(target.toString(), true);
    } catch (HeapDumpException e) {
      throw e;
    } catch (IOException e) {
      throw failure(target, e);
    } catch (UndeclaredThrowableException e) {
      throw failure(target, e.getUndeclaredThrowable()); // From a bean whose methods declare no IOException.
    }
  }

  private IOException failure(Path target, Throwable cause) {
    return new IOException("process " + pid + " did not dump to " + target + ", for which it must still run and be allowed to write there: " + cause.getMessage(), cause);
  }

  private static void checkTarget(Path target) throws HeapDumpException {
    if (Files.exists(target)) {
      throw new HeapDumpException(target + " exists: name a file that does not", -1);
    }
    if (!target.toString().endsWith(".hprof")) {
      throw new HeapDumpException("the file must end with .hprof, but was " + target.getFileName(), -1);
    }
    Path parent = Objects.requireNonNull(target.getParent(), "an absolute path that ends with .hprof has a parent");
    if (!Files.isDirectory(parent)) {
      throw new HeapDumpException("there is no directory " + parent + " to dump to", -1);
    }
  }

  /** Ends the connection; that the other VM has ended before is no failure. */
  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      return; // There is nobody left to take leave of.
    }
  }
}
