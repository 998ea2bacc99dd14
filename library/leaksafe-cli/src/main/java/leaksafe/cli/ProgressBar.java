package leaksafe.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import leaksafe.heap.HeapProgress;

/** One line on a terminal that is drawn over and over. */
final class ProgressBar implements HeapProgress {
  private static final int WIDTH = 30;

  private static final String FULL = "█";
  private static final String EMPTY = "░";
  /** A terminal that is too narrow cuts the line instead of beginning another, which the next drawing would leave behind. */
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintWriter out;
  private final String full;
  private final String empty;

  ProgressBar(PrintWriter out, Charset charset) {
    this.out = out;
    boolean blocks = charset.newEncoder().canEncode(FULL + EMPTY);
    full = blocks ? FULL : "#";
    empty = blocks ? EMPTY : ".";
  }

  @Override
  public void progress(String step, long done, long total) {
    int part = total <= 0 ? 0 : (int) (Math.min(done, total) * (double) WIDTH / total);
    out.print(NO_WRAP + "\r" + full.repeat(part) + empty.repeat(WIDTH - part) + " " + step + "\u001b[K" + WRAP);
    if (done >= total) {
      out.print("\r\u001b[K");
    }
    out.flush();
  }
}
