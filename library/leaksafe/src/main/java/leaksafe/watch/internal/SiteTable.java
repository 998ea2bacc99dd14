package leaksafe.watch.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import leaksafe.watch.AllocationSite;
import leaksafe.watch.AllocationSnapshot;
import org.jspecify.annotations.Nullable;

/** Counts sampled allocations by class and stack, so many at most. Keeps text; lines that are equal are one string. */
final class SiteTable implements Consumer<RecordedEvent> {
  private static final List<String> OTHER = List.of(AllocationSnapshot.OTHER);

  private final int maximum;
  private final int frames;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<List<String>, long[]> counts = new HashMap<>(); // guarded by lock; the class, then the stack
  private final Map<String, String> lines = new HashMap<>(); // guarded by lock

  SiteTable(int maximum, int frames) {
    this.maximum = maximum;
    this.frames = frames;
  }

  @Override
  public void accept(RecordedEvent event) {
    RecordedClass type = event.getClass("objectClass");
    add(type == null ? "unknown" : nameOf(type), stack(event.getStackTrace(), frames), event.getLong("weight"));
  }

  /** Returns the name of a class as Java writes it. */
  static String nameOf(RecordedClass type) {
    return ClassHistogram.inJava(type.getName());
  }

  /** Returns the lines of a stack, innermost first. */
  static List<String> stack(@Nullable RecordedStackTrace trace, int frames) {
    List<String> stack = new ArrayList<>();
    if (trace != null) {
      for (RecordedFrame frame : trace.getFrames()) {
        if (stack.size() < frames && frame.isJavaFrame()) {
          String type = frame.getMethod().getType().getName();
          String file = type.substring(type.lastIndexOf('.') + 1).replaceAll("\\$.*", "");
          stack.add(type + "." + frame.getMethod().getName() + "(" + file + ".java:" + frame.getLineNumber() + ")");
        }
      }
    }
    return stack;
  }

  void add(String className, List<String> stack, long bytes) {
    lock.lock();
    try {
      List<String> key = new ArrayList<>(stack.size() + 1);
      key.add(className);
      key.addAll(stack);
      long[] count = counts.get(key);
      if (count == null) {
        // One place is for the others.
        if (counts.size() - (counts.containsKey(OTHER) ? 1 : 0) >= maximum) {
          count = counts.computeIfAbsent(OTHER, other -> new long[2]);
        } else {
          key.replaceAll(line -> lines.computeIfAbsent(line, same -> same));
          count = new long[2];
          counts.put(List.copyOf(key), count);
        }
      }
      count[0]++;
      count[1] += bytes;
    } finally {
      lock.unlock();
    }
  }

  List<AllocationSite> sites() {
    lock.lock();
    try {
      List<AllocationSite> sites = new ArrayList<>();
      counts.forEach((key, count) -> sites.add(new AllocationSite(key.get(0), key.subList(1, key.size()), count[0], count[1])));
      return sites;
    } finally {
      lock.unlock();
    }
  }
}
