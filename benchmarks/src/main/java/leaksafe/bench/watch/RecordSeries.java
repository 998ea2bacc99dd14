package leaksafe.bench.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.WeakHashMap;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Records series in a real JVM: small workloads that leak and do not, of each the size of its container and the live heap after a collection.
 *
 * <p>Command: {@code java -Xmx128m -XX:+UseSerialGC -cp benchmarks/target/benchmarks.jar leaksafe.bench.watch.RecordSeries
 * benchmarks/src/main/resources/leaksafe/bench/watch/recorded.csv}
 */
public final class RecordSeries {
  private static final int SAMPLES = 400;
  private static final int REQUESTS = 40; // between two samples, and up to so many more

  private final List<String> lines = new ArrayList<>();
  private final Random random = new Random(17);

  private RecordSeries() {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    RecordSeries series = new RecordSeries();
    series.recordAll();
    Files.write(Path.of(args[0]), series.lines);
  }

  private void recordAll() {
    Map<Integer, byte[]> leak = new HashMap<>();
    record("a map that nobody clears", true, leak::size, i -> leak.put(i, new byte[64]));
    leak.clear();

    List<byte[]> seldom = new ArrayList<>();
    ArrayDeque<byte[]> recent = new ArrayDeque<>();
    record("one listener in 20 requests stays among 2000 that go", true, seldom::size, i -> {
      keep(recent, 2000);
      if (random.nextInt(20) == 0) {
        seldom.add(new byte[4000]);
      }
    });
    recent.clear();
    seldom.clear();

    Map<Integer, byte[]> evicting = new java.util.LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
        return size() > 2000;
      }
    };
    record("a cache that fills up to 2000", false, evicting::size, i -> evicting.put(random.nextInt(100_000), new byte[1000]));
    evicting.clear();

    ArrayDeque<byte[]> sessions = new ArrayDeque<>();
    int[] request = {0};
    record("sessions that come and go in waves", false, sessions::size,
        i -> keep(sessions, (int) (1500 + 1000 * Math.sin(request[0]++ / 500.0) + random.nextInt(200))));
    sessions.clear();

    List<byte[]> batch = new ArrayList<>();
    record("a batch that is filled and emptied", false, batch::size, i -> {
      batch.add(new byte[500]);
      if (batch.size() > 1500 + random.nextInt(200)) {
        batch.clear();
      }
    });
    batch.clear();

    Map<Object, byte[]> weak = new WeakHashMap<>();
    ArrayDeque<Object> keys = new ArrayDeque<>();
    record("a weak map whose keys go", false, weak::size, i -> {
      Object key = new Object();
      weak.put(key, new byte[500]);
      keys.add(key);
      while (keys.size() > 1000 + random.nextInt(300)) {
        keys.poll();
      }
    });
  }

  private static void keep(Collection<byte[]> all, int size) {
    all.add(new byte[500]);
    ArrayDeque<byte[]> queue = (ArrayDeque<byte[]>) all;
    while (queue.size() > size) {
      queue.poll();
    }
  }

  private void record(String name, boolean leak, LongSupplier size, IntConsumer request) {
    StringBuilder sizes = new StringBuilder(name).append(": size,").append(leak);
    StringBuilder heap = new StringBuilder(name).append(": live heap KB,").append(leak);
    int number = 0;
    for (int sample = 0; sample < SAMPLES; sample++) {
      int requests = REQUESTS + random.nextInt(REQUESTS);
      for (int i = 0; i < requests; i++) {
        request.accept(number++);
      }
      System.gc();
      Runtime vm = Runtime.getRuntime();
      sizes.append(',').append(size.getAsLong());
      heap.append(',').append((vm.totalMemory() - vm.freeMemory()) / 1024);
    }
    lines.add(sizes.toString());
    lines.add(heap.toString());
  }
}
