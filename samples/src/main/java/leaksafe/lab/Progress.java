package leaksafe.lab;

import java.io.PrintStream;

/** One line for a run: on a terminal it is written over and over, elsewhere it appears when the run has ended. */
final class Progress {
  private final PrintStream out;
  private final String head;
  private final boolean terminal = System.console() != null;
  private int width;

  Progress(PrintStream out, String head) {
    this.out = out;
    this.head = head;
    show(0);
  }

  void show(long operations) {
    if (terminal) {
      write(head + String.format(": %,d operations", operations));
    }
  }

  void end(String ending) {
    write(head + ": " + ending);
    out.println();
  }

  private void write(String text) {
    String line = terminal ? "\r" + text : text;
    out.print(line + " ".repeat(Math.max(0, terminal ? width - line.length() : 0)));
    out.flush();
    width = line.length();
  }
}
