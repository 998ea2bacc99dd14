package leaksafe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.MemoryHandler;
import java.util.spi.ToolProvider;
import leaksafe.log.internal.HandlerSettings;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a handler does with properties, right ones and wrong ones. */
class HandlerSettingsTest {
  private final Map<String, String> properties = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final List<Exception> causes = new ArrayList<>();

  private HandlerSettings settings(Class<? extends Handler> handler) {
    return new HandlerSettings(handler, properties::get, (message, cause) -> {
      wrong.add(message);
      if (cause != null) {
        causes.add(cause);
      }
    });
  }

  private TextHandler text() {
    return new TextHandler(settings(TextHandler.class));
  }

  private RecentRecords recent() {
    return new RecentRecords(settings(RecentRecords.class));
  }

  private void text(String name, String value) {
    properties.put("leaksafe.log.TextHandler." + name, value);
  }

  private void recent(String name, String value) {
    properties.put("leaksafe.log.RecentRecords." + name, value);
  }

  private static LogRecord record(Object parameter) {
    LogRecord record = new LogRecord(Level.INFO, "{0}");
    record.setParameters(new Object[] {parameter});
    return record;
  }

  /** A target that counts itself. */
  public static final class Target extends Handler {
    static int made;
    final List<LogRecord> records = new ArrayList<>();

    /** Creates it. */
    public Target() {
      made++;
    }

    @Override
    public void publish(LogRecord record) {
      records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** A filter that lets nothing pass. */
  public static final class Nothing implements Filter {
    /** Creates it. */
    public Nothing() {}

    @Override
    public boolean isLoggable(LogRecord record) {
      return false;
    }
  }

  /** What a constructor throws next. */
  private static Throwable failure = new IllegalStateException("on purpose");

  /** A filter, and a handler, that cannot be made. */
  public static final class Failing extends Handler implements Filter {
    /** Fails. */
    public Failing() {
      throw Throwing.raise(failure);
    }

    @Override
    public boolean isLoggable(LogRecord record) {
      return true;
    }

    @Override
    public void publish(LogRecord record) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** A class that cannot be initialized. */
  public static final class Uninitialized implements Filter {
    static final Object FAILING = Integer.valueOf("no number");

    /** Creates none. */
    public Uninitialized() {}

    @Override
    public boolean isLoggable(LogRecord record) {
      return FAILING == null;
    }
  }

  @Test
  void what_is_not_set_is_as_usual() {
    text("target", Target.class.getName());
    TextHandler text = text();
    assertThat(text.target()).isInstanceOf(Target.class);
    assertThat(List.of(text.getLevel(), recent().getLevel())).containsExactly(Level.ALL, Level.ALL);
    assertThat(text.getFilter()).isNull();
    RecentRecords recent = recent();
    for (int i = 0; i < 1001; i++) {
      recent.publish(record("x".repeat(i == 0 ? 0 : 600)));
    }
    assertThat(recent.records()).hasSize(1000).allMatch(record -> record.getMessage().length() == 500);
    assertThat(wrong).isEmpty();
  }

  @Test
  void every_limit_can_be_set() {
    recent("size", "2");
    recent("characters", "30");
    recent("elements", "1");
    recent("depth", "1");
    recent("level", "500"); // FINE
    recent("withoutUserCode", "TRUE");
    RecentRecords recent = recent();
    Object users = new Object() {
      @Override
      public String toString() {
        throw new AssertionError("called");
      }
    };
    recent.publish(record(1));
    recent.publish(record(List.of(List.of(1), 2)));
    recent.publish(record(new Object[] {users}));
    assertThat(recent.records()).extracting(LogRecord::getMessage).containsExactly("[List12(...), ... 1 more]",
        ("[" + users.getClass().getName()).substring(0, 27) + "...");
    assertThat(recent.getLevel()).isEqualTo(Level.FINE);
    recent("filter", Nothing.class.getName());
    RecentRecords filtered = recent();
    filtered.publish(record(1));
    assertThat(filtered.records()).isEmpty();
    recent("withoutUserCode", "false");
    recent();
    assertThat(wrong).isEmpty();
  }

  @Test
  void a_wrong_value_is_reported_and_the_usual_one_holds() {
    recent("size", "-1");
    recent("characters", "many");
    recent("elements", "12345678901");
    recent("depth", "");
    recent("withoutUserCode", "yes");
    recent("level", "loud");
    recent("filter", "java.lang.String");
    recent("formatter", "java.util.logging.XMLFormatter");
    RecentRecords recent = recent();
    assertThat(wrong).containsExactly(
        "leaksafe.log.RecentRecords.size=-1: size must be at least 1, but was -1; 1000 is used",
        "leaksafe.log.RecentRecords.characters=many: characters must be a whole number of at most 2147483647; 500 is used",
        "leaksafe.log.RecentRecords.elements=12345678901: elements must be a whole number of at most 2147483647; 20 is used",
        "leaksafe.log.RecentRecords.depth=: depth must be a whole number of at most 2147483647; 4 is used",
        "leaksafe.log.RecentRecords.withoutUserCode=yes: withoutUserCode must be true or false; false is used",
        "leaksafe.log.RecentRecords.level=loud: the level must be a name such as INFO, ALL or OFF, or a whole number; ALL is used",
        "leaksafe.log.RecentRecords.filter=java.lang.String: the filter must be the name of a public class with a public constructor without"
            + " parameters, a subtype of java.util.logging.Filter; no filter is used",
        "leaksafe.log.RecentRecords.formatter=java.util.logging.XMLFormatter: this handler prints nothing; none is used");
    recent.publish(record("x".repeat(1000)));
    assertThat(recent.records()).singleElement().satisfies(kept -> assertThat(kept.getMessage()).hasSize(500));
  }

  @Test
  void a_filter_that_cannot_be_made_is_reported_whatever_it_throws() {
    text("target", Target.class.getName());
    text("filter", Failing.class.getName());
    Throwing.kinds().forEach(thrown -> {
      failure = thrown;
      assertThat(text().getFilter()).isNull();
      Exception cause = causes.get(causes.size() - 1);
      assertThat(thrown).isIn(cause, cause.getCause());
    });
    assertThat(wrong).hasSize(4).containsOnly("leaksafe.log.TextHandler.filter=" + Failing.class.getName()
        + ": the filter could not be made by its constructor; no filter is used");
    text("filter", Uninitialized.class.getName());
    assertThat(text().getFilter()).isNull();
    assertThat(wrong).hasSize(5);
    failure = new OutOfMemoryError("on purpose");
    text("filter", Failing.class.getName());
    assertThatThrownBy(this::text).isSameAs(failure);
  }

  @Test
  void a_target_that_cannot_be_made_is_an_exception_whatever_it_throws() {
    text("target", Failing.class.getName());
    Throwing.kinds().forEach(thrown -> {
      failure = thrown;
      assertThatThrownBy(this::text).isInstanceOf(IllegalArgumentException.class)
          .hasMessage("leaksafe.log.TextHandler.target=" + Failing.class.getName() + ": the target could not be made by its constructor")
          .satisfies(e -> assertThat(thrown).isIn(e.getCause(), e.getCause().getCause()));
    });
    text("target", "java.lang.String");
    assertThatThrownBy(this::text).hasMessage("leaksafe.log.TextHandler.target=java.lang.String: the target must be the name of a public class with"
        + " a public constructor without parameters, a subtype of java.util.logging.Handler").hasCauseInstanceOf(ClassCastException.class);
    properties.clear();
    assertThatThrownBy(this::text).hasMessage("leaksafe.log.TextHandler.target is not set: the target must be the name of the class of the handler"
        + " that gets the text, such as java.util.logging.FileHandler");
  }

  @Test
  void a_target_is_opened_after_everything_that_could_fail() {
    text("target", Target.class.getName());
    text("filter", Failing.class.getName());
    failure = new OutOfMemoryError("on purpose");
    int before = Target.made;
    assertThatThrownBy(this::text).isSameAs(failure);
    assertThat(Target.made).isEqualTo(before);
  }

  @Test
  void a_target_may_stand_beside_the_library_where_the_system_class_loader_does_not_see_it(@TempDir Path folder) throws Exception {
    Path source = Files.writeString(folder.resolve("Beside.java"), """
        package acme;
        public class Beside extends java.util.logging.Handler {
          @Override public void publish(java.util.logging.LogRecord record) {}
          @Override public void flush() {}
          @Override public void close() {}
        }
        """);
    assertThat(ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "-d", folder.toString(), source.toString())).isZero();
    text("target", "acme.Beside");
    List<URL> urls = new ArrayList<>(List.of(folder.toUri().toURL()));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader beside = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> library = beside.loadClass(HandlerSettings.class.getName());
      Object settings = library.getConstructor(Class.class, Function.class, BiConsumer.class)
          .newInstance(TextHandler.class, (Function<String, String>) properties::get, (BiConsumer<String, Exception>) (message, cause) -> { });
      assertThat(library.getMethod("target").invoke(settings).getClass().getName()).isEqualTo("acme.Beside");
    }
    assertThatThrownBy(this::text).as("where it does not").hasCauseInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void recent_records_are_found_from_the_loggers_whose_records_they_get() {
    Logger parent = Logger.getLogger("leaksafe.log.found");
    Logger child = Logger.getLogger("leaksafe.log.found.child");
    parent.setUseParentHandlers(false);
    assertThat(RecentRecords.of(child)).isEmpty();
    RecentRecords far = new RecentRecords(1);
    RecentRecords near = new RecentRecords(1);
    parent.addHandler(new MemoryHandler(far, 1, Level.OFF));
    assertThat(RecentRecords.of(child)).as("not in what we cannot look into").isEmpty();
    parent.addHandler(new TextHandler(new TextHandler(far)));
    assertThat(RecentRecords.of(child)).containsSame(far);
    child.addHandler(near);
    assertThat(RecentRecords.of(child)).containsSame(near);
    assertThat(RecentRecords.of(parent)).containsSame(far);
    child.removeHandler(near);
    child.setUseParentHandlers(false);
    assertThat(RecentRecords.of(child)).isEmpty();
    assertThatThrownBy(() -> RecentRecords.of(null)).isInstanceOf(NullPointerException.class).hasMessage("logger");
  }
}
