package leaksafe.logging;

import java.util.AbstractCollection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.MarkerManager.Log4jMarker;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.spi.MutableThreadContextStack;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.slf4j.Logger;
import org.slf4j.MDC;

/** An application that logs something of its own classes: a copy of it is loaded for each place where that may be. */
public final class LoggedClasses implements BiConsumer<String, Object> {

  /** Creates it. */
  public LoggedClasses() {}

  /** Where in an event of Logback something may be. */
  static final List<String> LOGBACK = List.of("argument", "argument without text", "constant", "record", "failing text", "collection", "unmentioned",
      "class", "supplied argument", "thrown", "cause", "suppressed", "stack trace", "marker", "reference of a marker", "key-value pair", "diagnostic values");

  /** Where in a message to a logger of Log4j 2. */
  static final List<String> LOG4J = List.of("argument", "argument without text", "constant", "record", "failing text", "collection", "unmentioned",
      "class", "object", "message", "thrown", "cause", "suppressed", "stack trace", "marker", "parent of a marker", "builder");

  /** Where in an event of Log4j 2 that was not made by a logger. */
  static final List<String> EVENTS = List.of("context value", "context", "context stack");

  private static final class WithText {
    @Override
    public String toString() {
      return "text";
    }
  }

  private static final class WithoutText {}

  private enum Constant {
    ONE {
      @Override
      public String toString() {
        return "one";
      }
    }
  }

  private record Pair(Object left, Object right) {}

  private static final class FailingText {
    @Override
    public String toString() {
      throw new OwnException();
    }
  }

  private static final class OwnException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class OwnCollection extends AbstractCollection<Object> {
    @Override
    public Iterator<Object> iterator() {
      return List.<Object>of(new WithText()).iterator();
    }

    @Override
    public int size() {
      return 1;
    }
  }

  private static final class OwnMap extends HashMap<String, String> {
    private static final long serialVersionUID = 1L;
  }

  private static final class OwnMessage implements Message {
    private static final long serialVersionUID = 1L;

    @Override
    public String getFormattedMessage() {
      return "message";
    }

    @Override
    public Object[] getParameters() {
      return new Object[] {new WithText()};
    }

    @Override
    public Throwable getThrowable() {
      return null;
    }
  }

  private static final class OwnContext extends SortedArrayStringMap {
    private static final long serialVersionUID = 1L;
  }

  private static final class OwnStack extends MutableThreadContextStack {
    private static final long serialVersionUID = 1L;

    OwnStack() {
      super(List.of("inner"));
    }
  }

  private static Object argument(String place) {
    return switch (place) {
      case "argument", "unmentioned", "supplied argument", "object", "key-value pair", "builder" -> new WithText();
      case "argument without text" -> new WithoutText();
      case "constant" -> Constant.ONE;
      case "record" -> new Pair(Constant.ONE, 1);
      case "failing text" -> new FailingText();
      case "collection" -> new OwnCollection();
      case "class" -> WithText.class;
      default -> throw new IllegalArgumentException(place);
    };
  }

  private static Throwable thrown(String place) {
    RuntimeException outer = new IllegalStateException("thrown in code of the application");
    switch (place) {
      case "thrown" -> outer = new OwnException();
      case "cause" -> outer.initCause(new OwnException());
      case "suppressed" -> outer.addSuppressed(new OwnException());
      default -> { }
    }
    return outer;
  }

  /** Logs what is in that place to a logger of Logback or Log4j 2, or gives an event of Log4j 2 to a consumer. */
  @Override
  @SuppressWarnings("unchecked")
  public void accept(String place, Object keeper) {
    if (keeper instanceof Logger logback) {
      log(logback, place);
    } else if (keeper instanceof org.apache.logging.log4j.Logger log4j) {
      log(log4j, place);
    } else {
      ((Consumer<LogEvent>) keeper).accept(event(place));
    }
  }

  @SuppressWarnings("deprecation") // references of markers
  private static void log(Logger logger, String place) {
    switch (place) {
      case "thrown", "cause", "suppressed", "stack trace" -> logger.warn("thrown", thrown(place));
      case "marker" -> logger.info(new MarkerThatHolds("marker", new WithText()), "marked");
      case "reference of a marker" -> {
        MarkerThatHolds marker = new MarkerThatHolds("marker", null);
        marker.add(new MarkerThatHolds("reference", new WithText()));
        logger.info(marker, "marked");
      }
      case "unmentioned" -> logger.info("unmentioned", argument(place));
      case "supplied argument" -> logger.atInfo().setMessage("supplied {}").addArgument((Supplier<Object>) () -> argument(place)).log();
      case "key-value pair" -> logger.atInfo().addKeyValue("key", argument(place)).log("fluent");
      case "diagnostic values" -> {
        Map<String, String> values = new OwnMap();
        values.put("key", "value");
        MDC.setContextMap(values);
        logger.info("with values");
        MDC.clear();
      }
      default -> logger.info("argument {}", argument(place));
    }
  }

  private static void log(org.apache.logging.log4j.Logger logger, String place) {
    switch (place) {
      case "thrown", "cause", "suppressed", "stack trace" -> logger.warn("thrown", thrown(place));
      case "marker" -> logger.info(new MarkerThatHolds.OfLog4j("marker", new WithText()), "marked");
      case "parent of a marker" -> logger.info(
          new Log4jMarker("marker").setParents(new MarkerThatHolds.OfLog4j("parent", new WithText())), "marked");
      case "message" -> logger.info((Message) new OwnMessage());
      case "object" -> logger.info(argument(place));
      case "unmentioned" -> logger.info("unmentioned", argument(place));
      case "builder" -> logger.atInfo().withThrowable(thrown("thrown")).log("fluent {}", argument(place));
      default -> logger.info("argument {}", argument(place));
    }
  }

  private static LogEvent event(String place) {
    Log4jLogEvent.Builder event = new Log4jLogEvent.Builder().setLoggerName("table").setLevel(Level.INFO).setMessage(new SimpleMessage("message"));
    SortedArrayStringMap context = place.equals("context") ? new OwnContext() : new SortedArrayStringMap();
    context.putValue("key", place.equals("context value") ? new WithText() : "value");
    ThreadContext.ContextStack stack = place.equals("context stack") ? new OwnStack() : ThreadContext.EMPTY_STACK;
    return event.setContextData(context).setContextStack(stack).build();
  }
}
