package leaksafe.log.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Date;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import leaksafe.log.Excerpt;
import leaksafe.log.ThrowableText;
import org.jspecify.annotations.Nullable;

/** Makes log records of text alone. */
public final class TextRecords {
  // Formats messages only; it has no state.
  private static final Formatter MESSAGES = new SimpleFormatter();

  // The JDK keeps each level ever made for as long as the loader of its class, so there is one of ours for each name and value, and not many.
  private static final ConcurrentMap<String, Level> LEVELS = new ConcurrentHashMap<>();
  private static final int MOST_LEVELS = 256;
  private static final int LONGEST = 1000; // number that is formatted as the message says: in bits, and in decimal places

  private TextRecords() {}

  /**
   * Returns a record with the same text, time, level, logger, thread and source, and without parameters, resource bundle, live throwable or
   * level of a user's class (as far as those have no more than 256 names and values).
   */
  public static LogRecord of(LogRecord record, Excerpt excerpt) {
    LogRecord text = new LogRecord(level(record.getLevel()), message(record, excerpt));
    text.setLoggerName(record.getLoggerName());
    text.setInstant(record.getInstant());
    text.setSequenceNumber(record.getSequenceNumber());
    text.setLongThreadID(record.getLongThreadID());
    // Asked for now: later it would be looked for on another stack.
    text.setSourceClassName(record.getSourceClassName());
    text.setSourceMethodName(record.getSourceMethodName());
    Throwable thrown = record.getThrown();
    if (thrown != null) {
      text.setThrown(ThrowableText.of(thrown));
    }
    return text;
  }

  /** A level by its name and value, in place of one of a class of users, which would keep that class. */
  private static final class TextLevel extends Level {
    private static final long serialVersionUID = 1L;

    TextLevel(String name, int value) {
      super(name, value);
    }
  }

  private static Level level(Level level) {
    if (level.getClass() == Level.class) {
      return level;
    }
    String name = String.valueOf(level.getName());
    String key = name + '=' + level.intValue();
    Level known = LEVELS.get(key);
    if (known != null) {
      return known;
    }
    return LEVELS.size() < MOST_LEVELS ? LEVELS.computeIfAbsent(key, k -> new TextLevel(name, level.intValue())) : level;
  }

  private static String message(LogRecord record, Excerpt excerpt) {
    @Nullable Object[] parameters = record.getParameters();
    if (parameters == null || parameters.length == 0) {
      return MESSAGES.formatMessage(record);
    }
    LogRecord bounded = new LogRecord(record.getLevel(), record.getMessage());
    bounded.setResourceBundle(record.getResourceBundle());
    @Nullable Object[] texts = new Object[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      // Numbers and dates are left to the message's own format; everything else is text.
      texts[i] = isPlain(parameters[i]) ? parameters[i] : new OnDemand(parameters[i], excerpt);
    }
    bounded.setParameters(texts);
    return MESSAGES.formatMessage(bounded);
  }

  private static boolean isPlain(@Nullable Object parameter) {
    if (!(parameter instanceof Number || parameter instanceof Date) || !OwnCode.runs(parameter)) {
      return false;
    }
    if (parameter instanceof BigDecimal decimal) { // 1E+1000000000 is formatted with all of its zeros
      return Math.abs((long) decimal.scale()) <= LONGEST && decimal.unscaledValue().bitLength() <= LONGEST;
    }
    return !(parameter instanceof BigInteger integer) || integer.bitLength() <= LONGEST;
  }
}
