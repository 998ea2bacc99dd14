package leaksafe.census;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.Reports;
import org.jspecify.annotations.Nullable;

/**
 * Shows every container as an MBean of the platform's MBean server: {@code leaksafe:type=Cache,name="orders"}, with its size, bound, site
 * and figures as attributes. {@code type} is the kind with a capital, {@code name} is quoted; where a name is taken, {@code id=7} follows, and
 * where another copy of this library has taken that, {@code copy=2}.
 *
 * <p>Containers that appear are registered, and MBeans of containers that are gone unregistered, within about a second. At most {@value
 * #MOST} are registered at a time: of an application that opens more scopes than that, the oldest containers are shown.
 *
 * <p><b>What is kept alive.</b> An MBean holds its container weakly. But the MBean server holds the class of the MBean, and so the
 * class loader that brought this library: an application that brings its own copy and can be undeployed must close this.
 *
 * <p>Needs the module {@code java.management}.
 */
public final class CensusMBeans implements AutoCloseable {
  /** How many MBeans there are at most. */
  public static final int MOST = 1000;

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int COPIES = 100;

  /** What is registered. The MBean server holds it, too, and lets go at the same time. */
  private static final AtomicReference<@Nullable CensusMBeans> CURRENT = new AtomicReference<>();

  private final MBeanServer server;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, ObjectName> registered = new HashMap<>(); // guarded by lock
  private boolean closed; // guarded by lock
  private boolean complained; // guarded by lock
  private final Container self = new Self();
  private @Nullable CensusSampler sampler; // guarded by lock

  private CensusMBeans(MBeanServer server) {
    this.server = server;
  }

  /**
   * Registers the containers that there are and that will be, until this is closed, and {@code leaksafe:type=Census,name="census"}, whose
   * size is their number. What is returned need not be kept: the MBean server does that.
   *
   * <p>There is one registration at a time: until it is closed, by whom ever, each call returns the one that there is.
   */
  public static CensusMBeans register() {
    while (true) {
      CensusMBeans current = CURRENT.get();
      if (current != null && !current.isClosed()) {
        return current;
      }
      CensusMBeans made = new CensusMBeans(ManagementFactory.getPlatformMBeanServer());
      // Published before it registers anything: a listener of the server that calls this meanwhile gets the same.
      if (CURRENT.compareAndSet(current, made)) {
        made.start();
        return made;
      }
    }
  }

  private void start() {
    lock.lock();
    try {
      if (!closed) {
        register(Self.ID, new WeakReference<>(self), self);
        refresh();
        sampler = Census.every(PERIOD, snapshot -> refresh());
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** The census itself. */
  private static final class Self implements Container {
    static final Long ID = 0L; // those of announcements begin with 1

    private final String site = CallSite.capture();

    @Override
    public String name() {
      return "census";
    }

    @Override
    public String kind() {
      return "census";
    }

    @Override
    public String creationSite() {
      return site;
    }

    @Override
    public long estimatedSize() {
      return Containers.list().size();
    }

    @Override
    public String bound() {
      return "as many as there are";
    }
  }

  /** Registers and unregisters what is due now, without waiting for the next second. */
  public void refresh() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      Set<Long> gone = new HashSet<>(registered.keySet());
      gone.remove(Self.ID);
      Containers.announcements().stream().sorted((a, b) -> Long.compare(a.id(), b.id())).forEach(announcement -> {
        Container container = announcement.get();
        if (container != null && !gone.remove(announcement.id()) && registered.size() < MOST) {
          register(announcement.id(), announcement, container);
        }
      });
      gone.forEach(this::unregister);
    } finally {
      lock.unlock();
    }
  }

  // Under the lock, which is ours alone: listeners of the server that are called meanwhile may wait for nothing of this class.
  private void register(Long id, WeakReference<Container> reference, Container container) {
    try {
      String name = "leaksafe:type=" + type(container.kind()) + ",name=" + ObjectName.quote(container.name());
      ContainerMBean bean = new ContainerMBean(this, reference);
      registered.put(id, registerAs(name, id, bean));
    } catch (JMException | RuntimeException e) {
      complain(container.name(), e);
    }
  }

  private ObjectName registerAs(String name, Long id, ContainerMBean bean) throws JMException {
    String tried = name;
    for (int copy = 1;; copy++) {
      try {
        return server.registerMBean(bean, new ObjectName(tried)).getObjectName();
      } catch (InstanceAlreadyExistsException e) {
        if (copy > COPIES) {
          throw e;
        }
        tried = name + ",id=" + id + (copy == 1 ? "" : ",copy=" + copy);
      }
    }
  }

  private static String type(String kind) {
    String word = kind.replaceAll("[^A-Za-z0-9_-]", "_");
    return word.isEmpty() ? "_" : Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private void unregister(Long id) {
    ObjectName name = registered.remove(id);
    try {
      if (name != null) {
        server.unregisterMBean(name);
      }
    } catch (InstanceNotFoundException e) {
      // Somebody else did it.
    } catch (JMException | RuntimeException e) {
      complain(name.toString(), e);
    }
  }

  /** Reports the first failure: the others would be the same each second. */
  private void complain(String detail, Exception cause) {
    if (!complained) {
      complained = true;
      Reports.tell(FailureListener.logging(), new Failure("census", "MBean server", detail, cause));
    }
  }

  /** Unregisters all, whoever else asked for it. Does nothing the second time. */
  @Override
  public void close() {
    CensusSampler ended;
    lock.lock();
    try {
      closed = true;
      ended = sampler;
      sampler = null;
      Set.copyOf(registered.keySet()).forEach(this::unregister);
    } finally {
      lock.unlock();
    }
    if (ended != null) {
      ended.close();
    }
    CURRENT.compareAndSet(this, null);
  }
}
