package leaksafe.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.MemoryHandler;
import java.util.stream.Stream;
import leaksafe.testing.Gc;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How many of 200 logged objects whoever keeps records keeps with them, by where in the record they were: all, and with our handlers none. */
class RetentionTest {
  static final int EVENTS = 200;

  /** Hands on what it was given, all at once, when half of the records are there. */
  private static final class Draining extends Handler {
    final RecentRecords recent = new RecentRecords(EVENTS);
    final KeptRecords shown = new KeptRecords();

    @Override
    public void publish(LogRecord record) {
      recent.publish(record);
      if (recent.records().size() == EVENTS / 2) {
        recent.drainTo(shown);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** Who keeps records: as it is, and ours. */
  enum Keeper {
    QUEUE(EVENTS) {
      @Override
      Handler make() {
        return new KeptRecords();
      }
    },
    QUEUE_BEHIND_TEXT_HANDLER(0) {
      @Override
      Handler make() {
        return new TextHandler(new KeptRecords());
      }
    },
    MEMORY_HANDLER(EVENTS) {
      @Override
      Handler make() {
        return new MemoryHandler(new KeptRecords(), EVENTS, Level.OFF);
      }
    },
    MEMORY_HANDLER_BEHIND_TEXT_HANDLER(0) {
      @Override
      Handler make() {
        return new TextHandler(new MemoryHandler(new KeptRecords(), EVENTS, Level.OFF));
      }
    },
    RECENT_RECORDS(0) {
      @Override
      Handler make() {
        return new RecentRecords(EVENTS);
      }
    },
    WHAT_RECENT_RECORDS_WERE_DRAINED_TO(0) {
      @Override
      Handler make() {
        return new Draining();
      }
    };

    final int retained;

    Keeper(int retained) {
      this.retained = retained;
    }

    abstract Handler make();
  }

  /** Something that is logged. */
  private static final class Logged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      return "logged";
    }
  }

  private static final class Bundle extends ListResourceBundle {
    final Logged logged;

    Bundle(Logged logged) {
      this.logged = logged;
    }

    @Override
    protected Object[][] getContents() {
      return new Object[][] {{"message", "of " + logged}};
    }
  }

  private static final class UsersRecord extends LogRecord {
    private static final long serialVersionUID = 1L;
    final transient Logged logged;

    UsersRecord(Logged logged) {
      super(Level.INFO, "message");
      this.logged = logged;
    }
  }

  /** Where in a record something can be. */
  enum Place {
    PARAMETER(logged -> with("message {0}", logged)),
    PARAMETER_THAT_IS_NOT_MENTIONED(logged -> with("message {0}", 1, logged)),
    ELEMENT_OF_A_PARAMETER(logged -> with("message {0}", List.of(logged))),
    THROWN(logged -> thrown(logged)),
    CAUSE(logged -> thrown(new IllegalStateException(logged))),
    SUPPRESSED(logged -> {
      IllegalStateException outer = new IllegalStateException();
      outer.addSuppressed(logged);
      return thrown(outer);
    }),
    RESOURCE_BUNDLE(logged -> {
      LogRecord record = new LogRecord(Level.INFO, "message");
      record.setResourceBundle(new Bundle(logged));
      return record;
    }),
    RECORD_OF_A_USER(UsersRecord::new);

    final Function<Logged, LogRecord> record;

    Place(Function<Logged, LogRecord> record) {
      this.record = record;
    }
  }

  private static LogRecord with(String message, Object... parameters) {
    LogRecord record = new LogRecord(Level.INFO, message);
    record.setParameters(parameters);
    return record;
  }

  private static LogRecord thrown(Throwable thrown) {
    LogRecord record = new LogRecord(Level.INFO, "message");
    record.setThrown(thrown);
    return record;
  }

  static Stream<Arguments> table() {
    return Arrays.stream(Keeper.values()).flatMap(keeper -> Arrays.stream(Place.values()).map(place -> Arguments.of(keeper, place)));
  }

  private static List<WeakReference<Logged>> log(Handler keeper, Place place) {
    List<WeakReference<Logged>> all = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Logged logged = new Logged();
      keeper.publish(place.record.apply(logged));
      all.add(new WeakReference<>(logged));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("table")
  void logged_objects_that_are_retained(Keeper keeper, Place place) {
    Handler handler = keeper.make();
    List<WeakReference<Logged>> all = log(handler, place);
    if (keeper.retained == 0) {
      Gc.awaitCleared(all);
    } else {
      System.gc();
      assertThat(all).as("so that the test is one").noneMatch(logged -> logged.refersTo(null));
    }
    Reference.reachabilityFence(handler);
  }
}
