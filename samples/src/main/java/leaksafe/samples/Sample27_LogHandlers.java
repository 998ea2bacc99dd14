package leaksafe.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import leaksafe.log.RecentRecords;
import leaksafe.log.TextHandler;
import leaksafe.log.ThrowableText;

/**
 * Log handlers that keep records. The leak: a record keeps its arguments and its exception, and with them the request that failed. The cure: {@link
 * TextHandler} in front of any handler that keeps records, or {@link RecentRecords}, the newest records as text, shown once something goes wrong.
 */
public final class Sample27_LogHandlers {

  private Sample27_LogHandlers() {}

  /** Something large. */
  private static final class Request {
    final byte[] body = new byte[1_000_000];

    @Override
    public String toString() {
      return "request of " + body.length + " bytes";
    }
  }

  /** An exception that refers to what it is about. */
  private static final class RequestFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Request request;

    RequestFailed(Request request) {
      super("failed: " + request);
      this.request = request;
    }
  }

  /** A handler that keeps what it gets until somebody asks. */
  private static final class Keeper extends Handler {
    final List<LogRecord> records = new ArrayList<>();

    @Override
    public void publish(LogRecord record) {
      records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    long requests() {
      return records.stream().filter(record -> record.getThrown() instanceof RequestFailed failed && failed.request != null).count();
    }
  }

  /** Shows the leak, then both cures. */
  public static void main(String[] args) {
    run().forEach(System.out::println);
  }

  /** Returns what is shown, line by line. */
  static List<String> run() {
    Keeper plain = new Keeper();
    log(plain);
    Keeper behindText = new Keeper();
    log(new TextHandler(behindText));
    LogRecord text = behindText.records.get(0);
    ThrowableText thrown = (ThrowableText) text.getThrown();

    RecentRecords recent = new RecentRecords(3); // of the ten
    log(recent);
    Keeper shown = new Keeper();
    recent.drainTo(shown);
    return List.of("a handler that keeps records: " + plain.requests() + " requests are kept",
        "behind a TextHandler: " + behindText.requests() + " requests are kept, and " + behindText.records.size() + " records",
        "it says: " + text.getMessage() + " / " + thrown.originalClass() + " / " + thrown.getMessage(),
        "recent records: " + shown.records.size() + " are shown, " + recent.records().size() + " are left");
  }

  private static void log(Handler handler) {
    Logger logger = Logger.getAnonymousLogger();
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    for (int i = 0; i < 10; i++) {
      Request request = new Request();
      LogRecord record = new LogRecord(Level.WARNING, "could not answer {0}");
      record.setParameters(new Object[] {request});
      record.setThrown(new RequestFailed(request));
      logger.log(record);
    }
    logger.removeHandler(handler);
  }
}
