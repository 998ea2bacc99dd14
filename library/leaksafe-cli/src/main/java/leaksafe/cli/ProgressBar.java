package leaksafe.cli;

import java.io.PrintWriter;
import leaksafe.heap.HeapProgress;

/** One line on a terminal that is drawn over and over. */
final class ProgressBar implements HeapProgress {
  private static final int WIDTH = 30;

  private final PrintWriter out;

  ProgressBar(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void progress(String step, long done, long total) {
    int full = total <= 0 ? 0 : (int) (Math.min(done, total) * WIDTH / total);
    out.print("\r" + "█".repeat(full) + "░".repeat(WIDTH - full) + " " + step + "\u001b[K");
    if (done >= total) {
      out.print("\r\u001b[K");
    }
    out.flush();
  }
}
