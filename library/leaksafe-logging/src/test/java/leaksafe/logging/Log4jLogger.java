package leaksafe.logging;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.AsyncAppender;
import org.apache.logging.log4j.core.appender.rewrite.RewriteAppender;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.NullConfiguration;
import org.apache.logging.log4j.core.config.Property;

/** A logger of Log4j 2 for tests, whose appenders are put together one behind the other. */
final class Log4jLogger implements AutoCloseable {
  private final LoggerContext context = new LoggerContext("test");
  private final Configuration configuration;

  Log4jLogger() {
    context.start(new NullConfiguration());
    configuration = context.getConfiguration();
    List.copyOf(configuration.getRootLogger().getAppenders().keySet()).forEach(configuration.getRootLogger()::removeAppender); // the console
  }

  /** Keeps events, as the test appenders of many projects do. */
  static class Keeping extends AbstractAppender {
    final List<LogEvent> kept = Collections.synchronizedList(new ArrayList<>());

    Keeping() {
      super("keeping", null, null, false, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      kept.add(event.toImmutable());
    }
  }

  /** Returns an appender that rewrites events for the one behind it. */
  Appender text(TextRewritePolicy policy, Appender behind) {
    return started(RewriteAppender.createAppender("rewrite", "false", refs(behind), configuration, policy, null));
  }

  /** Returns an appender with a queue and a thread that empties it. */
  Appender async(int queue, Appender behind) {
    return started(AsyncAppender.newBuilder().setName("async").setAppenderRefs(refs(behind)).setConfiguration(configuration)
        .setBufferSize(queue).setBlocking(false).build());
  }

  private AppenderRef[] refs(Appender behind) {
    configuration.addAppender(started(behind));
    return new AppenderRef[] {AppenderRef.createAppenderRef(behind.getName(), null, null)};
  }

  private static <T extends Appender> T started(T appender) {
    if (!appender.isStarted()) {
      appender.start();
    }
    return appender;
  }

  /** Returns a logger of levels from INFO on that has that appender alone. */
  Logger to(Appender appender) {
    configuration.getRootLogger().addAppender(started(appender), null, null);
    configuration.getRootLogger().setLevel(Level.INFO);
    context.updateLoggers();
    return context.getLogger("table");
  }

  @Override
  public void close() {
    context.close();
  }
}
