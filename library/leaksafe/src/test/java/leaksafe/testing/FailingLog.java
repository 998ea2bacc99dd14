package leaksafe.testing;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Until it is closed, whatever the library logs fails; the lines that it writes to standard error instead are kept, or fail as well. */
public final class FailingLog implements AutoCloseable {
  public final AtomicInteger failed = new AtomicInteger();
  public final List<String> printed = new CopyOnWriteArrayList<>();

  private final Logger logger = Logger.getLogger("leaksafe"); // held, since the logging system holds it weakly
  private final PrintStream usual = System.err;
  private final Handler handler;

  /** Has the log fail with what is given, and standard error too, if asked to. */
  public FailingLog(Throwable cause, boolean errorsToo) {
    handler = new Handler() {
      @Override
      public void publish(LogRecord record) {
        failed.incrementAndGet();
        throw Throwing.raise(cause);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    logger.addHandler(handler);
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), true) {
      @Override
      public void println(String line) {
        if (errorsToo) {
          throw Throwing.raise(cause);
        }
        printed.add(line);
      }
    });
  }

  @Override
  public void close() {
    System.setErr(usual);
    logger.removeHandler(handler);
  }
}
