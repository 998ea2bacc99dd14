package leaksafe.lab.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import leaksafe.census.Census;
import leaksafe.Lease;
import leaksafe.lab.Scenario;
import leaksafe.lab.input.JdkClass;
import leaksafe.lab.run.Stage;
import leaksafe.pool.Pool;

/** Buffers are borrowed from a pool, and not given back on one of the ways out. */
public final class LostLeases implements Scenario {

  private static final class AdHoc {
    // @start region="ad-hoc"
    static final List<byte[]> ALL = new ArrayList<>(); // to release them at the end
    static final Queue<byte[]> FREE = new ConcurrentLinkedQueue<>();

    static int sum(JdkClass input) {
      byte[] buffer = FREE.poll();
      if (buffer == null) {
        buffer = new byte[1 << 16];
        ALL.add(buffer);
      }
      if (input.bytes().length % 7 == 0) {
        return 0; // the early return forgets the buffer
      }
      int sum = fill(buffer, input);
      FREE.add(buffer);
      return sum;
    }
    // @end
  }

  private static final class Ours {
    // @start region="leaksafe"
    static final Pool<byte[]> BUFFERS = Pool.<byte[]>builder(() -> new byte[1 << 16]).name("buffers").size(0, 200).build();

    static int sum(JdkClass input) throws InterruptedException {
      Lease<byte[]> buffer = BUFFERS.acquire(Duration.ofSeconds(10));
      if (input.bytes().length % 7 == 0) {
        return 0; // the same mistake: reported with this line, and the pool has its place back
      }
      int sum = fill(buffer.get(), input);
      buffer.close();
      return sum;
    }
    // @end
  }

  static int fill(byte[] buffer, JdkClass input) {
    int length = Math.min(buffer.length, input.bytes().length);
    System.arraycopy(input.bytes(), 0, buffer, 0, length);
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += buffer[i];
    }
    return sum;
  }

  @Override
  public String name() {
    return "lost-leases";
  }

  @Override
  public String title() {
    return "Borrowed buffers that are not given back";
  }

  @Override
  public String summary() {
    return "One way out of a method forgets to give the pooled buffer back; the pool makes new ones and keeps the lost.";
  }

  @Override
  public String culprit() {
    return "LostLeases.ALL";
  }

  @Override
  public void watchAdHoc() {
    Census.watch("LostLeases.ALL", AdHoc.ALL);
  }

  @Override
  public void adHoc(Stage stage) throws Exception {
    stage.forEachClass(AdHoc::sum);
  }

  @Override
  public void leaksafe(Stage stage) throws Exception {
    stage.forEachClass(Ours::sum);
  }
}
