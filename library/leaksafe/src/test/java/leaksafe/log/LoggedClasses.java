package leaksafe.log;

import java.util.List;
import java.util.ListResourceBundle;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** An application that logs something of its own classes. */
public final class LoggedClasses implements Consumer<BiConsumer<String, Consumer<Handler>>> {

  /** Creates it. */
  public LoggedClasses() {}

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

  private static final class OwnLevel extends Level {
    private static final long serialVersionUID = 1L;

    OwnLevel() {
      super("OWN", 850);
    }
  }

  private static final class OwnBundle extends ListResourceBundle {
    @Override
    protected Object[][] getContents() {
      return new Object[][] {{"message {0}", "Nachricht {0}"}};
    }
  }

  private static final class OwnRecord extends LogRecord {
    private static final long serialVersionUID = 1L;

    OwnRecord() {
      super(Level.INFO, "message");
    }
  }

  private static final class OwnNumber extends Number {
    private static final long serialVersionUID = 1L;

    @Override
    public int intValue() {
      return 1;
    }

    @Override
    public long longValue() {
      return 1;
    }

    @Override
    public float floatValue() {
      return 1;
    }

    @Override
    public double doubleValue() {
      return 1;
    }
  }

  /** Names each place where something of a class of this application may be, with who logs it there. */
  @Override
  public void accept(BiConsumer<String, Consumer<Handler>> places) {
    Supplier<Object> lambda = () -> this;
    Object[] parameters = {new WithText(), new WithoutText(), Constant.ONE, new Pair(1, Constant.ONE), new FailingText(), new OwnException(),
        new OwnNumber(), lambda, WithText.class, List.of(new WithText()), new WithText[1]};
    for (int i = 0; i < parameters.length; i++) { // by number, since a lambda has another name in each copy
      Object parameter = parameters[i];
      places.accept("parameter " + i, handler -> handler.publish(with("message {0}", parameter)));
      places.accept("parameter that is not mentioned " + i, handler -> handler.publish(with("message", parameter)));
    }
    places.accept("thrown", handler -> handler.publish(thrown(new OwnException())));
    places.accept("cause", handler -> handler.publish(thrown(new IllegalStateException(new OwnException()))));
    places.accept("suppressed", handler -> {
      RuntimeException outer = new IllegalStateException();
      outer.addSuppressed(new OwnException());
      handler.publish(thrown(outer));
    });
    places.accept("stack trace", handler -> handler.publish(thrown(new IllegalStateException("thrown in code of the application"))));
    places.accept("level", handler -> handler.publish(new LogRecord(new OwnLevel(), "message")));
    places.accept("resource bundle", handler -> {
      LogRecord record = with("message {0}", 1);
      record.setResourceBundle(new OwnBundle());
      handler.publish(record);
    });
    places.accept("record", handler -> handler.publish(new OwnRecord()));
  }

  private static LogRecord with(String message, Object parameter) {
    LogRecord record = new LogRecord(Level.INFO, message);
    record.setParameters(new Object[] {parameter});
    return record;
  }

  private static LogRecord thrown(Throwable thrown) {
    LogRecord record = new LogRecord(Level.INFO, "message");
    record.setThrown(thrown);
    return record;
  }
}
