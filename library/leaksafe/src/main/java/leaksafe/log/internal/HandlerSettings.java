package leaksafe.log.internal;

import java.lang.reflect.InvocationTargetException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.logging.ErrorManager;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import leaksafe.log.Excerpt;
import org.jspecify.annotations.Nullable;

/**
 * What {@code logging.properties} says of a handler. A wrong value is reported, and the usual one holds: a handler that is not made for want of a
 * limit would lose every record. There is no usual target, so that a wrong one is thrown; {@link LogManager} prints that and makes the other
 * handlers.
 */
public final class HandlerSettings {
  private final String handler;
  private final Function<String, @Nullable String> properties;
  private final BiConsumer<String, @Nullable Exception> wrong;

  /** Creates the settings of a handler from the values of properties by their names. */
  public HandlerSettings(Class<? extends Handler> handler, Function<String, @Nullable String> properties,
      BiConsumer<String, @Nullable Exception> wrong) {
    this.handler = handler.getName();
    this.properties = properties;
    this.wrong = wrong;
  }

  /** Returns what the log manager knows of a handler. */
  public static HandlerSettings of(Class<? extends Handler> handler) {
    // Nobody can have given the handler an error manager of his own yet, and that of the JDK says one thing in its life: which is left
    // for what comes later.
    return new HandlerSettings(handler, LogManager.getLogManager()::getProperty,
        (message, exception) -> new ErrorManager().error(message, exception, ErrorManager.GENERIC_FAILURE));
  }

  private @Nullable String value(String name) {
    String value = properties.apply(handler + '.' + name);
    return value == null ? null : value.trim();
  }

  private void report(String name, @Nullable String value, String rule, Object used, @Nullable Exception exception) {
    wrong.accept(handler + '.' + name + '=' + value + ": " + rule + "; " + used + " is used", exception);
  }

  /** Returns the level, {@code ALL} if there is none or a wrong one. */
  public Level level() {
    String value = value("level");
    if (value != null) {
      try {
        return Level.parse(value);
      } catch (IllegalArgumentException e) {
        report("level", value, "the level must be a name such as INFO, ALL or OFF, or a whole number", Level.ALL, null);
      }
    }
    return Level.ALL;
  }

  /** Returns the filter, none if there is a wrong one: what passes then is too much and not too little. */
  public @Nullable Filter filter() {
    String value = value("filter");
    if (value != null) {
      try {
        return instance(value, Filter.class);
      } catch (IllegalArgumentException e) {
        report("filter", value, "the filter " + e.getMessage(), "no filter", cause(e));
      }
    }
    return null;
  }

  /** Returns the limits for parameters. */
  public Excerpt excerpt() {
    Excerpt excerpt = limit("characters", Excerpt.CHARACTERS, Excerpt.USUAL, Excerpt.USUAL::characters);
    excerpt = limit("elements", Excerpt.ELEMENTS, excerpt, excerpt::elements);
    excerpt = limit("depth", Excerpt.DEPTH, excerpt, excerpt::depth);
    String careful = value("withoutUserCode");
    if (careful == null || careful.equalsIgnoreCase("false")) {
      return excerpt;
    }
    if (!careful.equalsIgnoreCase("true")) {
      report("withoutUserCode", careful, "withoutUserCode must be true or false", false, null);
      return excerpt;
    }
    return excerpt.withoutUserCode();
  }

  /** Returns a number that is at least 1. */
  public int size(int usual) {
    return limit("size", usual, usual, size -> {
      if (size < 1) {
        throw new IllegalArgumentException("size must be at least 1, but was " + size);
      }
      return size;
    });
  }

  private <T> T limit(String name, int usual, T otherwise, IntFunction<T> set) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    int number;
    try {
      number = Integer.parseInt(value);
    } catch (NumberFormatException e) {
      report(name, value, name + " must be a whole number of at most " + Integer.MAX_VALUE, usual, null);
      return otherwise;
    }
    try {
      return set.apply(number);
    } catch (IllegalArgumentException e) {
      report(name, value, String.valueOf(e.getMessage()), usual, null);
      return otherwise;
    }
  }

  /** Reports a formatter or an encoding, which a handler of text for others has no use for. */
  public void refuseFormat(String instead) {
    for (String name : new String[] {"formatter", "encoding"}) {
      String value = value(name);
      if (value != null) {
        report(name, value, "this handler prints nothing", instead, null);
      }
    }
  }

  /**
   * Returns a new handler of the class that is named as the target.
   *
   * @throws IllegalArgumentException if there is none, or it cannot be made
   */
  public Handler target() {
    String value = value("target");
    String given = handler + ".target" + (value == null ? " is not set" : '=' + value) + ": the target ";
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(given
          + "must be the name of the class of the handler that gets the text, such as java.util.logging.FileHandler");
    }
    if (isMakingTarget()) {
      throw new IllegalArgumentException(given + "would make this handler again, and so without end; it must be another one");
    }
    try {
      return instance(value, Handler.class);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(given + e.getMessage(), cause(e));
    }
  }

  /** Returns whether a target of the same handler is being made on this thread, below the one that is asked for now. */
  private static boolean isMakingTarget() {
    return StackWalker.getInstance().walk(frames -> frames
        .filter(frame -> frame.getMethodName().equals("target") && frame.getClassName().equals(HandlerSettings.class.getName())).count()) > 1;
  }

  /** Returns a new object of a class by its name. The log manager catches exceptions and no errors, so that errors become exceptions here. */
  private static <T> T instance(String name, Class<T> type) {
    String rule = "must be the name of a public class with a public constructor without parameters, a subtype of " + type.getName();
    try {
      return type.cast(load(name).getConstructor().newInstance());
    } catch (InvocationTargetException e) {
      JvmErrors.rethrow(e.getTargetException());
      throw new IllegalArgumentException("could not be made by its constructor", LogErrors.exception(e.getTargetException()));
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new IllegalArgumentException(rule, LogErrors.exception(e));
    }
  }

  /** Loads a class as the log manager does, or else where this library comes from: a server may have it beside that. */
  private static Class<?> load(String name) throws ClassNotFoundException {
    try {
      return Class.forName(name, true, ClassLoader.getSystemClassLoader());
    } catch (ClassNotFoundException e) {
      return Class.forName(name, true, HandlerSettings.class.getClassLoader());
    }
  }

  private static @Nullable Exception cause(IllegalArgumentException e) {
    return e.getCause() instanceof Exception cause ? cause : null;
  }
}
