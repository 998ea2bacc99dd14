package leaksafe.log;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** Keeps records, as a queue does that somebody else empties. */
class KeptRecords extends Handler {
  final List<LogRecord> records = new ArrayList<>();
  boolean closed;

  @Override
  public void publish(LogRecord record) {
    records.add(record);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    closed = true;
  }
}
