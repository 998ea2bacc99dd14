package leaksafe.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggerContextVO;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyVO;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.log.Excerpt;
import leaksafe.log.ThrowableText;
import leaksafe.log.internal.OnDemand;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.helpers.MessageFormatter;

/** A Logback event of text alone. */
final class TextEvent implements ILoggingEvent {
  private final String threadName;
  private final Level level;
  private final String message;
  private final String loggerName;
  private final LoggerContextVO loggerContext;
  private final @Nullable IThrowableProxy throwable;
  private final StackTraceElement[] callerData;
  private final @Nullable List<Marker> markers;
  private final Map<String, String> mdc;
  private final @Nullable List<KeyValuePair> pairs;
  private final long millis;
  private final int nanos;
  private final @Nullable Instant instant;
  private final long sequence;

  private TextEvent(ILoggingEvent event, Excerpt excerpt) {
    this.threadName = event.getThreadName();
    this.level = event.getLevel();
    this.message = message(event, excerpt);
    this.loggerName = event.getLoggerName();
    this.loggerContext = event.getLoggerContextVO();
    this.throwable = throwable(event.getThrowableProxy());
    this.callerData = event.hasCallerData() ? event.getCallerData() : new StackTraceElement[0];
    List<Marker> tags = event.getMarkerList();
    this.markers = tags == null ? null : tags.stream().map(TextMarkers::text).toList();
    this.mdc = Collections.unmodifiableMap(new HashMap<>(event.getMDCPropertyMap())); // where values may be null
    List<KeyValuePair> values = event.getKeyValuePairs();
    this.pairs = values == null ? null
        : values.stream().map(pair -> new KeyValuePair(pair.key, excerpt.text(pair.value))).toList();
    this.millis = event.getTimeStamp();
    this.nanos = event.getNanoseconds();
    this.instant = event.getInstant();
    this.sequence = event.getSequenceNumber();
  }

  /** Returns the text of an event; itself if it is one already. */
  static TextEvent of(ILoggingEvent event, Excerpt excerpt) {
    return event instanceof TextEvent text ? text : new TextEvent(event, excerpt);
  }

  private static String message(ILoggingEvent event, Excerpt excerpt) {
    @Nullable Object[] arguments = event.getArgumentArray();
    if (arguments == null || arguments.length == 0) {
      return event.getMessage();
    }
    return MessageFormatter.arrayFormat(event.getMessage(), OnDemand.all(arguments, excerpt)).getMessage();
  }

  private static @Nullable IThrowableProxy throwable(@Nullable IThrowableProxy proxy) {
    if (proxy instanceof ThrowableProxy live) {
      return new TextThrowableProxy(ThrowableText.of(live.getThrowable()), null);
    }
    return proxy == null || proxy instanceof ThrowableProxyVO ? proxy : ThrowableProxyVO.build(proxy); // Logback's own form of text
  }

  @Override
  public String getThreadName() {
    return threadName;
  }

  @Override
  public Level getLevel() {
    return level;
  }

  /** Returns the formatted message: there are no arguments to format it with any more. */
  @Override
  public String getMessage() {
    return message;
  }

  @Override
  public Object @Nullable [] getArgumentArray() {
    return null;
  }

  @Override
  public String getFormattedMessage() {
    return message;
  }

  @Override
  public String getLoggerName() {
    return loggerName;
  }

  @Override
  public LoggerContextVO getLoggerContextVO() {
    return loggerContext;
  }

  @Override
  public @Nullable IThrowableProxy getThrowableProxy() {
    return throwable;
  }

  @Override
  public StackTraceElement[] getCallerData() {
    return callerData.clone();
  }

  @Override
  public boolean hasCallerData() {
    return callerData.length > 0;
  }

  @Override
  public @Nullable List<Marker> getMarkerList() {
    return markers;
  }

  @Override
  public Map<String, String> getMDCPropertyMap() {
    return mdc;
  }

  /**
   * Returns the diagnostic values.
   *
   * @deprecated by Logback
   */
  @Deprecated
  @Override
  public Map<String, String> getMdc() {
    return mdc;
  }

  @Override
  public long getTimeStamp() {
    return millis;
  }

  @Override
  public int getNanoseconds() {
    return nanos;
  }

  @Override
  public @Nullable Instant getInstant() {
    return instant;
  }

  @Override
  public long getSequenceNumber() {
    return sequence;
  }

  @Override
  public @Nullable List<KeyValuePair> getKeyValuePairs() {
    return pairs;
  }

  @Override
  public void prepareForDeferredProcessing() {
    // everything is text already
  }

  @Override
  public String toString() {
    return "[" + level + "] " + message;
  }
}
