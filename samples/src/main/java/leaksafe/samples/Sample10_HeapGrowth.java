package leaksafe.samples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.heap.Growth;
import leaksafe.heap.GrownPath;
import leaksafe.heap.HeapInspector;
import leaksafe.heap.HeapSummary;
import leaksafe.heap.Leaks;
import leaksafe.registry.CyclePolicy;
import leaksafe.registry.WeakRegistry;

/**
 * Memory grows, and nobody knows where. The leak: a list that each request adds to, behind two other objects. The cure: two looks at the
 * heap of the running program, each a few seconds, say which structural path grew, and what holds one of its objects. At the end a registry whose
 * values keep their keys is repaired from what a heap dump shows.
 *
 * <p>In production {@code HeapSchedule.start(new HeapInspector(), Duration.ofHours(6), 3, growth -> log(growth), failure -> log(failure))}
 * does so by itself, and its {@code inspectNow} is what a growth alert calls.
 *
 * <p>Command: {@code java -cp "samples/target/leak-lab.jar" leaksafe.samples.Sample10_HeapGrowth}
 */
public final class Sample10_HeapGrowth {
  private static final Map<String, Tenant> TENANTS = new HashMap<>();

  private Sample10_HeapGrowth() {}

  private static final class Tenant {
    final List<Request> audit = new ArrayList<>(); // nobody ever clears it
  }

  private static final class Request {
    @SuppressWarnings("unused") // it is what leaks
    final byte[] body = new byte[500];
  }

  /** Takes two looks and shows what grew between them. */
  public static void main(String[] args) throws IOException, InterruptedException {
    HeapInspector inspector = new HeapInspector();
    serve(1_000);
    HeapSummary before = inspector.inspect();
    serve(1_000);
    Growth growth = Growth.between(List.of(before, inspector.inspect()), Growth.DEFAULT_MINIMUM_BYTES);
    for (GrownPath path : growth.paths()) {
      if (path.path().contains(" leaksafe.heap.")) {
        continue; // the first look itself, which this frame holds
      }
      System.out.println(path.grownBy() + " more objects, " + path.grownBytes() / 1024 + " kB: " + path.path());
    }
    System.out.println(Leaks.why(TENANTS.get("acme").audit.get(0)).toText());
    System.out.println("entries that the repair removed: " + repair(inspector));
  }

  private static void serve(int requests) {
    for (int i = 0; i < requests; i++) {
      TENANTS.computeIfAbsent("acme", name -> new Tenant()).audit.add(new Request());
    }
  }

  /** Makes a registry whose values refer to their keys where it was told to allow that, and has the heap audit find them. */
  static long repair(HeapInspector inspector) throws IOException, InterruptedException {
    WeakRegistry<Object, Object> registry = WeakRegistry.builder().onCycle(CyclePolicy.ALLOW).build();
    for (int i = 0; i < 10; i++) {
      Object key = new Object();
      registry.put(key, List.of(key));
    }
    Object used = new Object();
    registry.put(used, List.of(used));
    long removed = registry.repair(inspector::selfKeeping, (key, value) -> { });
    if (registry.get(used) == null) {
      throw new IllegalStateException("an entry whose key is in use must stay");
    }
    registry.close();
    return removed;
  }
}
