package leaksafe.lab.run;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import leaksafe.lab.Scenario;
import leaksafe.lab.Scenarios;
import leaksafe.lab.Side;

/** The main program of a child: runs one side of one scenario, measures itself and tells the parent, line by line. */
public final class Child {
  /** The property that says where to dump the heap when the work is over. */
  static final String DUMP = "leaksafe.lab.dump";
  private static final int FAILED = 4;
  private static final int ORPHANED = 5;

  private Child() {}

  /** Arguments: scenario, side, operations, needed, millis, longest millis, index. */
  public static void main(String[] args) throws InterruptedException {
    endWithTheParent();
    Scenario scenario = Scenarios.named(args[0]).orElseThrow();
    Side side = Side.valueOf(args[1]);
    Limits limits = new Limits(Long.parseLong(args[2]), Long.parseLong(args[3]), Long.parseLong(args[4]), Long.parseLong(args[5]));
    HeapProbe probe = new HeapProbe();
    tell(new Message.Base(probe.settle()));
    LiveStage stage = new LiveStage(limits, Path.of(args[6]), done -> tell(new Message.Progress(done)));
    Detection detection = side == Side.AD_HOC ? new Detection(scenario, stage::elapsedMillis, named -> tell(new Message.Grown(named))) : null;
    stage.start(detection == null ? done -> { } : detection::operations);
    probe.watch(stage::elapsedMillis, stage::operations, sample -> tell(new Message.Collected(sample)));
    try {
      side.run(scenario, stage);
    } catch (Exception e) {
      e.printStackTrace();
      tell(new Message.Failed(e.toString()));
      Runtime.getRuntime().halt(FAILED);
    }
    long millis = stage.elapsedMillis();
    if (detection != null) {
      detection.close();
    }
    tell(new Message.Settled(new HeapSample(millis, probe.settle(), stage.operations(), HeapSample.Kind.FULL)));
    dump();
    Runtime.getRuntime().halt(0); // threads that nobody stops are among the leaks
  }

  private static void dump() {
    String file = System.getProperty(DUMP);
    if (file != null) {
      try {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, true);
      } catch (IOException e) {
        System.out.println("no heap dump: " + e);
      }
    }
  }

  private static void tell(Message message) {
    System.out.println(Message.line(message)); // one call, so that lines of different threads do not mix
  }

  /** The parent holds the other end of the standard input: it ends when the parent does, however that happens. */
  private static void endWithTheParent() {
    Thread watcher = new Thread(() -> {
      try {
        while (System.in.read() >= 0) {
          // the parent never writes
        }
      } catch (IOException e) {
        // the same as the end
      }
      Runtime.getRuntime().halt(ORPHANED);
    }, "lab-parent-watch");
    watcher.setDaemon(true);
    watcher.start();
  }
}
