package leaksafe.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leaksafe.watch.AllocationRecorder;
import leaksafe.watch.AllocationSnapshot;

/**
 * Who allocates, and what holds what stays? The leak: listeners in a static list. The cure: an {@link AllocationRecorder} for a while, which
 * names the lines that allocate, and shows the chain from an object that is still there to the static field that holds it.
 */
public final class Sample18_AllocationRecorder {
  private static final List<Listener> LISTENERS = new ArrayList<>();
  private static byte[] garbage = {};

  private Sample18_AllocationRecorder() {}

  private static final class Listener {
    final byte[] buffer = new byte[2_000];
  }

  /** Shows the lines that allocate most, then what is still there. */
  public static void main(String[] args) throws InterruptedException {
    try (AllocationRecorder recorder = AllocationRecorder.start()) {
      AllocationSnapshot before = recorder.snapshot();
      for (int i = 0; i < 2_000; i++) {
        LISTENERS.add(new Listener());
        garbage = new byte[20_000];
        TimeUnit.MILLISECONDS.sleep(1);
      }
      TimeUnit.SECONDS.sleep(2); // the JVM hands samples over once a second
      System.out.println("allocated, by line:");
      recorder.snapshot().since(before).through("leaksafe.samples.").byLine().stream().limit(3).forEach(line -> System.out.println("  " + line));
      System.out.println("still there:");
      recorder.alive().stream().filter(object -> object.chain().contains("LISTENERS")).limit(2)
          .forEach(object -> System.out.println("  " + object));
    }
    System.out.println("of " + LISTENERS.size() + " listeners and " + garbage.length + " bytes of garbage");
  }
}
