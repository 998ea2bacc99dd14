package leaksafe.samples;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.CyclicBufferAppender;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import leaksafe.logging.MdcScope;
import leaksafe.logging.TextAppender;
import org.slf4j.MDC;

/**
 * Logback in an application with pooled threads. The leaks: an appender that keeps events keeps their arguments, and a diagnostic value that nobody
 * removes stays in its thread and is logged with the next request. The cures: a {@link TextAppender} in front of the appender, and an {@link
 * MdcScope} around the request.
 */
public final class Sample28_Logback {
  private static final int EVENTS = 100;

  private Sample28_Logback() {}

  /** Shows each leak and its cure. */
  public static void main(String[] args) throws Exception {
    for (String line : run()) {
      System.out.println(line);
    }
  }

  /** Returns what is shown, line by line. */
  static List<String> run() throws Exception {
    List<String> lines = new ArrayList<>();
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    lines.add("a ring of events: " + kept(context.getLogger("plain"), ring(context)) + " of " + EVENTS + " arguments are kept");
    TextAppender text = new TextAppender();
    text.setContext(context);
    text.addAppender(ring(context));
    text.start();
    lines.add("behind a TextAppender: " + kept(context.getLogger("text"), text) + " of " + EVENTS + " arguments are kept");

    ExecutorService threads = Executors.newSingleThreadExecutor();
    threads.submit(() -> MDC.put("user", "alice")).get(); // and the request ends
    lines.add("without a scope the next request is logged for " + threads.submit(() -> MDC.get("user")).get());
    threads.submit(MDC::clear).get();
    threads.submit(() -> {
      try (MdcScope mdc = MdcScope.of("user", "alice")) {
        mdc.and("request", "1");
      }
    }).get();
    lines.add("after a scope it is logged for " + threads.submit(() -> MDC.get("user")).get());
    threads.shutdown();
    context.stop();
    return lines;
  }

  private static Appender<ILoggingEvent> ring(LoggerContext context) {
    CyclicBufferAppender<ILoggingEvent> ring = new CyclicBufferAppender<>();
    ring.setMaxSize(EVENTS);
    ring.setContext(context);
    ring.start();
    return ring;
  }

  private static long kept(Logger logger, Appender<ILoggingEvent> appender) throws InterruptedException {
    logger.addAppender(appender);
    List<WeakReference<Object>> arguments = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Object argument = new Object();
      logger.info("got {}", argument);
      arguments.add(new WeakReference<>(argument));
    }
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(20);
    }
    return arguments.stream().filter(argument -> !argument.refersTo(null)).count();
  }
}
