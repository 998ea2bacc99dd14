package leaksafe.testing;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps the lines of the library's log until it is closed. */
public final class LogLines implements AutoCloseable {
  public final Queue<String> lines = new ConcurrentLinkedQueue<>();

  private final Logger logger = Logger.getLogger("leaksafe"); // held, since the logging system holds it weakly
  private final Handler handler;

  /** Begins to keep lines. */
  public LogLines() {
    handler = new Handler() {
      @Override
      public void publish(LogRecord record) {
        lines.add(record.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    logger.addHandler(handler);
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }
}
