package leaksafe.resource.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import leaksafe.resource.ThreadLeak;

/** The threads of users that are alive now. */
public final class LiveThreads {
  private static final int FRAMES = 12;

  // Threads of the JVM that come and go as it pleases, by name: they have no class of their own to know them by.
  private static final Set<String> JVM = Set.of("Reference Handler", "Finalizer", "Signal Dispatcher", "Attach Listener", "Common-Cleaner",
      "Notification Thread", "Service Thread", "DestroyJavaVM", "process reaper", "Keep-Alive-Timer", "Keep-Alive-SocketCleaner",
      "JFR Recorder Thread", "JFR Periodic Tasks", "JFR Recording Scheduler", "JFR Shutdown Hook", "RMI Reaper", "VirtualThread-unparker",
      "VirtualThread-unblocker", "MasterPoller", "Read-Poller", "Write-Poller", "ForkJoinPool.commonPool-delayScheduler", "leaksafe-reaper",
      "leaksafe-callback");

  private LiveThreads() {}

  /** Returns them, in no order. */
  public static List<Thread> list() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    Thread[] found = new Thread[group.activeCount() + 16];
    int count = group.enumerate(found, true);
    while (count == found.length) { // what does not fit is left out silently
      found = new Thread[count * 2];
      count = group.enumerate(found, true);
    }
    List<Thread> threads = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      if (!isOfJvm(found[i])) {
        threads.add(found[i]);
      }
    }
    return threads;
  }

  private static boolean isOfJvm(Thread thread) {
    String name = thread.getName();
    ThreadGroup group = thread.getThreadGroup(); // null once it has ended
    return JVM.contains(name)
        || (group != null && group.getName().equals("CarrierThreads")) // of virtual threads
        || name.startsWith("process reaper ")
        || name.startsWith("RMI TCP ")
        || name.startsWith("C1 CompilerThread")
        || name.startsWith("C2 CompilerThread")
        || name.startsWith("CompletableFutureDelayScheduler")
        || (thread instanceof ForkJoinWorkerThread worker
            && (worker.getPool() == null || worker.getPool() == ForkJoinPool.commonPool() || name.startsWith("VirtualThread")));
  }

  /** Says what can be known of a thread. */
  public static ThreadLeak describe(Thread thread) {
    StartedThread.Origin origin = StartedThread.originOf(thread);
    ThreadGroup group = thread.getThreadGroup(); // null once it has ended
    String startedBy = origin != null
        ? origin.site()
        : "unknown (not started through leaksafe); class " + thread.getClass().getName() + ", group " + (group == null ? "-" : group.getName());
    return new ThreadLeak(thread.getName(), thread.getId(), thread.isDaemon(), thread.getState(), origin == null ? null : origin.owner(),
        startedBy, ThreadTexts.stack(thread, FRAMES));
  }
}
