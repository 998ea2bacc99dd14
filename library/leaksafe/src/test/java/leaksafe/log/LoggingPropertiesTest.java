package leaksafe.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The handlers in a JVM whose {@code logging.properties} names them. */
class LoggingPropertiesTest {

  /** Something that is logged. */
  private static final class Request {
    @Override
    public String toString() {
      return "request of " + "x".repeat(100);
    }
  }

  /** A filter that a file of settings can name. */
  public static final class NotSecret implements Filter {
    /** Creates it. */
    public NotSecret() {}

    @Override
    public boolean isLoggable(LogRecord record) {
      return !record.getMessage().startsWith("secret");
    }
  }

  /** A target that says on standard output what becomes of it. */
  public static final class Told extends Handler {
    /** Creates it. */
    public Told() {
      System.out.println("target: made");
    }

    @Override
    public void publish(LogRecord record) {
      System.out.println("target: " + record.getMessage() + ", parameters " + Arrays.toString(record.getParameters()));
    }

    @Override
    public void flush() {
      System.out.println("target: flushed");
    }

    @Override
    public void close() {
      System.out.println("target: closed");
    }
  }

  private static List<String> run(Path folder, Class<?> program, String settings) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("logging.properties"), settings);
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Djava.util.logging.config.file=" + file, "-cp", System.getProperty("java.class.path"), program.getName(), folder.toString())
        .redirectErrorStream(true).start();
    List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    return lines;
  }

  /** Logs to what the file of settings names. */
  public static final class Logging {
    private Logging() {}

    /** Runs it. */
    public static void main(String[] args) {
      Logger logger = Logger.getLogger("program");
      List<WeakReference<Request>> logged = log(logger);
      Gc.awaitCleared(logged);
      logger.severe("the end");
      RecentRecords recent = RecentRecords.of(Logger.getLogger("")).orElseThrow();
      System.out.println(recent.records().stream().map(LogRecord::getMessage).toList());
      System.out.println(RecentRecords.of(logger).orElseThrow() == recent);
    }

    private static List<WeakReference<Request>> log(Logger logger) {
      List<WeakReference<Request>> all = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Request request = new Request();
        logger.log(Level.INFO, i + " {0}", request);
        logger.log(Level.FINE, "not of this level {0}", request);
        logger.log(Level.INFO, "secret {0}", request);
        all.add(new WeakReference<>(request));
      }
      return all;
    }
  }

  @Test
  void a_file_of_settings_names_both_handlers_their_limits_and_the_target(@TempDir Path folder) throws Exception {
    List<String> lines = run(folder, Logging.class, """
        handlers=leaksafe.log.TextHandler, leaksafe.log.RecentRecords
        .level=ALL
        leaksafe.log.TextHandler.target=java.util.logging.MemoryHandler
        leaksafe.log.TextHandler.level=INFO
        leaksafe.log.TextHandler.filter = leaksafe.log.LoggingPropertiesTest$NotSecret\s
        leaksafe.log.TextHandler.characters= 16\s
        java.util.logging.MemoryHandler.target=java.util.logging.FileHandler
        java.util.logging.FileHandler.pattern=%s/app.log
        java.util.logging.FileHandler.formatter=java.util.logging.SimpleFormatter
        java.util.logging.SimpleFormatter.format=%%5$s%%n
        leaksafe.log.RecentRecords.size=4
        leaksafe.log.RecentRecords.level=INFO
        leaksafe.log.RecentRecords.characters=20
        """.formatted(folder));
    assertThat(lines).containsExactly("[secret request of xxxxxx..., 9 request of xxxxxx..., secret request of xxxxxx..., the end]", "true");
    assertThat(Files.readAllLines(folder.resolve("app.log"))).hasSize(11).startsWith("0 request of xx...").endsWith("9 request of xx...", "the end");
  }

  /** Has other settings read again and again. */
  public static final class Changing {
    private static final String SETTINGS = """
        handlers=leaksafe.log.TextHandler, leaksafe.log.RecentRecords
        leaksafe.log.TextHandler.target=leaksafe.log.LoggingPropertiesTest$Told
        """;

    private Changing() {}

    private static ByteArrayInputStream settings(String more) {
      return new ByteArrayInputStream((SETTINGS + more).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException {
      Logger root = Logger.getLogger("");
      LogManager manager = LogManager.getLogManager();
      root.log(Level.INFO, "first {0}", new Request());
      RecentRecords first = RecentRecords.of(root).orElseThrow();
      manager.readConfiguration(settings("leaksafe.log.TextHandler.characters=16"));
      System.out.println("read: " + first.records());
      root.log(Level.INFO, "second {0}", new Request());
      RecentRecords second = RecentRecords.of(root).orElseThrow();
      System.out.println(second != first);
      manager.updateConfiguration(settings("handlers=leaksafe.log.TextHandler"), null);
      System.out.println("updated: " + second.records() + RecentRecords.of(root));
      root.info("third");
      manager.reset();
      root.info("unheard");
      System.out.println("reset: " + root.getHandlers().length);
    }
  }

  @Test
  void reading_other_settings_closes_the_handlers_and_the_target(@TempDir Path folder) throws Exception {
    List<String> lines = run(folder, Changing.class, Changing.SETTINGS);
    assertThat(lines).containsExactly("target: made", "target: first request of " + "x".repeat(100) + ", parameters null", "target: closed",
        "read: []", "target: made", "target: second request of xx..., parameters null", "true", "target: closed", "target: made",
        "updated: []Optional.empty", "target: third, parameters null", "target: closed", "reset: 0");
  }

  /** Logs to what is left of the handlers. */
  public static final class Wrong {
    private Wrong() {}

    /** Runs it. */
    public static void main(String[] args) {
      Logger.getLogger("").info("logged {0}");
      for (Handler handler : Logger.getLogger("").getHandlers()) {
        System.out.println(handler.getClass().getName() + " " + handler.getLevel());
      }
    }
  }

  @Test
  void wrong_values_are_all_told_of_on_standard_error_and_the_handlers_are_made_without(@TempDir Path folder) throws Exception {
    List<String> lines = run(folder, Wrong.class, """
        handlers=leaksafe.log.TextHandler, leaksafe.log.RecentRecords
        leaksafe.log.TextHandler.target=leaksafe.log.LoggingPropertiesTest$Told
        leaksafe.log.TextHandler.depth=200
        leaksafe.log.TextHandler.filter=acme.Missing
        leaksafe.log.RecentRecords.size=0
        leaksafe.log.RecentRecords.level=LOUD
        """);
    assertThat(lines).contains(
        "java.util.logging.ErrorManager: 0: leaksafe.log.TextHandler.depth=200: depth must be at most 100, but was 200; 4 is used",
        "java.util.logging.ErrorManager: 0: leaksafe.log.RecentRecords.size=0: size must be at least 1, but was 0; 1000 is used",
        "java.util.logging.ErrorManager: 0: leaksafe.log.RecentRecords.level=LOUD: the level must be a name such as INFO, ALL or OFF, or a whole"
            + " number; ALL is used", "java.lang.ClassNotFoundException: acme.Missing", "target: logged {0}, parameters null")
        .endsWith("leaksafe.log.TextHandler ALL", "leaksafe.log.RecentRecords ALL", "target: closed");
  }

  @Test
  void a_wrong_target_is_told_of_and_the_other_handlers_are_made(@TempDir Path folder) throws Exception {
    String around = """
        handlers=leaksafe.log.TextHandler, leaksafe.log.RecentRecords
        java.util.logging.MemoryHandler.target=leaksafe.log.TextHandler
        leaksafe.log.TextHandler.target=""";
    String given = "java.lang.IllegalArgumentException: leaksafe.log.TextHandler.target=";
    assertThat(run(folder, Wrong.class, around)).contains("Can't load log handler \"leaksafe.log.TextHandler\"",
        given + ": the target must be the name of the class of the handler that gets the text, such as java.util.logging.FileHandler")
        .endsWith("leaksafe.log.RecentRecords ALL");
    assertThat(run(folder, Wrong.class, around + "acme.Missing")).contains(given + "acme.Missing: the target must be the name of a public class"
        + " with a public constructor without parameters, a subtype of java.util.logging.Handler").endsWith("leaksafe.log.RecentRecords ALL");
    for (String round : List.of("leaksafe.log.TextHandler", "java.util.logging.MemoryHandler")) {
      assertThat(run(folder, Wrong.class, around + round))
          .anySatisfy(line -> assertThat(line)
              .endsWith(given + round + ": the target would make this handler again, and so without end; it must be another one"))
          .endsWith("leaksafe.log.RecentRecords ALL").hasSizeLessThan(200);
    }
  }
}
