package leaksafe.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.xml.XmlConfiguration;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.impl.MementoMessage;
import org.apache.logging.log4j.message.ObjectMessage;
import org.apache.logging.log4j.message.ParameterizedMessage;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.message.StringFormattedMessage;
import org.apache.logging.log4j.status.StatusData;
import org.apache.logging.log4j.status.StatusListener;
import org.apache.logging.log4j.status.StatusLogger;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.apache.logging.log4j.util.StringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rewrite policy in Log4j 2: its file of settings, and what is in an event. */
class Log4jTextTest {
  private final TextRewritePolicy policy = TextRewritePolicy.create(500);

  private static Log4jLogEvent.Builder event() {
    return new Log4jLogEvent.Builder().setLoggerName("test").setLevel(Level.INFO).setMessage(new SimpleMessage("message"));
  }

  /** Logs behind the policy of a file of settings and returns what arrived and what Log4j complained of. */
  private static List<String> configured(String settings, Path file, Logging log, List<String> complaints) throws IOException {
    StatusListener listener = new StatusListener() {
      @Override
      public void log(StatusData data) {
        complaints.add(data.getMessage().getFormattedMessage());
      }

      @Override
      public Level getStatusLevel() {
        return Level.WARN;
      }

      @Override
      public void close() {}
    };
    StatusLogger.getLogger().registerListener(listener);
    try (LoggerContext context = new LoggerContext("configured")) {
      context.start(new XmlConfiguration(context, new ConfigurationSource(new ByteArrayInputStream("""
          <Configuration status="OFF">
            <Appenders>
              <File name="FILE" fileName="%s"><PatternLayout pattern="%%m%%n"/></File>
              <Rewrite name="TEXT"><TextRewritePolicy %s/><AppenderRef ref="FILE"/></Rewrite>
            </Appenders>
            <Loggers><Root level="INFO"><AppenderRef ref="TEXT"/></Root></Loggers>
          </Configuration>
          """.formatted(file, settings).getBytes(StandardCharsets.UTF_8)))));
      log.with(context.getLogger("test"));
    } finally {
      StatusLogger.getLogger().removeListener(listener);
    }
    return Files.readAllLines(file);
  }

  private interface Logging {
    void with(Logger logger);
  }

  @Test
  void a_file_of_settings_puts_it_in_front_of_an_appender(@TempDir Path folder) throws Exception {
    List<String> complaints = new ArrayList<>();
    assertThat(configured("argumentCharacters=\"20\"", folder.resolve("log.txt"),
        logger -> logger.info("of {}", "x".repeat(100)), complaints))
        .containsExactly("of " + "x".repeat(17) + "...");
    assertThat(complaints).isEmpty();
  }

  @Test
  void a_wrong_value_in_the_file_is_reported_and_what_arrives_is_text_all_the_same(@TempDir Path folder) throws Exception {
    List<String> complaints = new ArrayList<>();
    assertThat(configured("argumentCharacters=\"5\"", folder.resolve("small.txt"), logger -> logger.info("{}", "x".repeat(1000)), complaints))
        .singleElement().asString().hasSize(500).endsWith("xxx...");
    assertThat(complaints).containsExactly("TextRewritePolicy: argumentCharacters=\"5\": characters must be at least 16, but was 5; 500 is used");
    complaints.clear();
    assertThat(configured("argumentCharacters=\"many\" argumentLength=\"20\"", folder.resolve("word.txt"),
        logger -> logger.info("{}", "x".repeat(1000)), complaints)).singleElement().asString().hasSize(500);
    assertThat(complaints).anySatisfy(said -> assertThat(said).contains("many"))
        .anySatisfy(said -> assertThat(said).contains("argumentLength"));
    assertThatThrownBy(() -> TextRewritePolicy.create(5)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("characters must be at least 16, but was 5");
  }

  @Test
  void the_thread_of_an_event_is_the_one_that_logged() throws Exception {
    LogEvent[] kept = new LogEvent[1];
    Thread thread = new Thread(() -> kept[0] = policy.rewrite(event().build()), "the thread that logged");
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
    thread.join();
    assertThat(kept[0].getThreadName()).isEqualTo("the thread that logged");
    assertThat(kept[0].getThreadId()).isEqualTo(thread.getId());
    assertThat(kept[0].getThreadPriority()).isEqualTo(Thread.MIN_PRIORITY);
  }

  @Test
  void the_line_that_logged_is_found_at_once_or_not_at_all() {
    Log4jLogger.Keeping keeping = new Log4jLogger.Keeping() {
      @Override
      public void append(LogEvent event) {
        kept.add(event); // as it is
      }
    };
    try (Log4jLogger log4j = new Log4jLogger()) {
      log4j.to(log4j.text(policy, keeping)).info("where from");
    }
    assertThat(keeping.kept.get(0).getSource().getMethodName()).isEqualTo("the_line_that_logged_is_found_at_once_or_not_at_all");
    assertThat(policy.rewrite(event().setLoggerFqcn("a logger").setIncludeLocation(false).build()).getSource()).isNull();
  }

  @Test
  void what_is_rewritten_does_not_change_with_the_event_that_the_logger_uses_again() {
    Log4jLogger.Keeping keeping = new Log4jLogger.Keeping() {
      @Override
      public void append(LogEvent event) {
        kept.add(event); // as it is
      }
    };
    try (Log4jLogger log4j = new Log4jLogger()) {
      Logger logger = log4j.to(log4j.text(policy, keeping));
      logger.info("first {}", 1);
      logger.warn("second {}", 2, new IllegalStateException("of the second"));
    }
    assertThat(keeping.kept).extracting(event -> event.getLevel() + " " + event.getMessage().getFormattedMessage())
        .containsExactly("INFO first 1", "WARN second 2");
    assertThat(keeping.kept.get(0).getThrown()).isNull();
    assertThat(keeping.kept.get(0).getInstant()).isNotSameAs(keeping.kept.get(1).getInstant());
  }

  @Test
  void values_of_the_context_are_text_and_strings_stay_as_they_are() {
    SortedArrayStringMap context = new SortedArrayStringMap();
    context.putValue("number", 7);
    context.putValue("list", List.of(1, 2));
    context.putValue("nothing", null);
    context.putValue("string", "a\nb");
    LogEvent kept = policy.rewrite(event().setContextData(context).build());
    assertThat(kept.getContextData().toMap()).containsEntry("number", "7").containsEntry("list", "[1, 2]").containsEntry("string", "a\nb")
        .containsEntry("nothing", null).hasSize(4);
    context.putValue("string", "changed later");
    assertThat(kept.getContextData().<String>getValue("string")).isEqualTo("a\nb");
    assertThat(kept.getContextData().<Object>getValue("number")).isEqualTo("7");
  }

  @Test
  void log4js_own_markers_stay_and_of_others_the_names_do() {
    Marker parent = new MarkerManager.Log4jMarker("parent");
    Marker own = new MarkerManager.Log4jMarker("own").setParents(parent);
    assertThat(policy.rewrite(event().setMarker(own).build()).getMarker()).isSameAs(own);
    assertThat(policy.rewrite(event().build()).getMarker()).isNull();
    Marker foreign = new MarkerThatHolds.OfLog4j(null, new Object()).setParents(own, new MarkerThatHolds.OfLog4j("other", new Object()));
    Marker kept = policy.rewrite(event().setMarker(foreign).build()).getMarker();
    assertThat(kept.getName()).isEqualTo("null");
    assertThat(kept.isInstanceOf(own)).isTrue();
    assertThat(kept.isInstanceOf(parent)).isTrue();
    assertThat(kept.getParents()).hasOnlyElementsOfType(MarkerManager.Log4jMarker.class).extracting(Marker::getName).containsExactly("own", "other");
  }

  @Test
  void markers_that_all_have_each_other_as_parents_are_cut_where_they_are_too_many() {
    Marker[] all = new Marker[50];
    AtomicInteger asked = new AtomicInteger();
    for (int i = 0; i < all.length; i++) {
      all[i] = new MarkerThatHolds.OfLog4j("m" + i, null) {
        private static final long serialVersionUID = 1L;

        @Override
        public Marker[] getParents() {
          asked.incrementAndGet();
          return all;
        }
      };
    }
    Marker kept = policy.rewrite(event().setMarker(all[0]).build()).getMarker();
    assertThat(kept.getName()).isEqualTo("m0");
    assertThat(kept.getParents()[0].getName()).isEqualTo("m0");
    assertThat(asked).hasValueBetween(2, 101);
  }

  @Test
  void parents_of_parents_are_kept_nine_deep_and_what_is_above_them_is_left_out_of_log4js_own_too() {
    Marker top = new MarkerThatHolds.OfLog4j("holds", new Object());
    for (int i = 19; i >= 0; i--) {
      top = new MarkerManager.Log4jMarker("m" + i).setParents(top);
    }
    Marker kept = policy.rewrite(event().setMarker(top).build()).getMarker();
    assertThat(kept).isNotSameAs(top);
    List<String> names = new ArrayList<>();
    for (Marker each = kept; each != null; each = each.hasParents() ? each.getParents()[0] : null) {
      names.add(each.getName());
    }
    assertThat(names).containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8");
    Marker one = new MarkerManager.Log4jMarker("own").setParents(new MarkerThatHolds.OfLog4j("holds", new Object()));
    assertThat(policy.rewrite(event().setMarker(one).build()).getMarker().getParents()).singleElement()
        .isInstanceOf(MarkerManager.Log4jMarker.class);
  }

  @Test
  void everything_else_of_an_event_stays() {
    LogEvent kept = policy.rewrite(event().setNanoTime(7).setEndOfBatch(true).setLoggerFqcn("a logger's class").setTimeMillis(1_000).build());
    assertThat(kept.getNanoTime()).isEqualTo(7);
    assertThat(kept.isEndOfBatch()).isTrue();
    assertThat(kept.getLoggerFqcn()).isEqualTo("a logger's class");
    assertThat(kept.getTimeMillis()).isEqualTo(1_000);
    assertThat(kept.getLoggerName()).isEqualTo("test");
    assertThat(((StringMap) kept.getContextData()).isFrozen()).isTrue();
  }

  @Test
  void messages_are_bounded_and_ask_only_for_what_they_mention() {
    AtomicInteger asked = new AtomicInteger();
    Object argument = new Object() {
      @Override
      public String toString() {
        return "asked " + asked.incrementAndGet();
      }
    };
    assertThat(text(new ParameterizedMessage("{} alone", 1, argument))).isEqualTo("1 alone");
    assertThat(asked).hasValue(0);
    assertThat(text(new ParameterizedMessage("{} and {}", argument, null))).isEqualTo("asked 1 and null");
    assertThat(text(new ParameterizedMessage("{}", "x".repeat(1000)))).hasSize(500);
    assertThat(text(new MementoMessage("x".repeat(1000), "{}", new Object[] {"x".repeat(1000)}))).hasSize(500);
    assertThat(text(new SimpleMessage("a\nb"))).isEqualTo("a\nb");
    assertThat(text(new StringFormattedMessage("%s", "x".repeat(10_001)))).isEqualTo("x".repeat(9_997) + "...");
    assertThat(text(new StringFormattedMessage("%s", (Object) null) {
      private static final long serialVersionUID = 1L;

      @Override
      public String getFormattedMessage() {
        return null;
      }
    })).isEqualTo("null");
    assertThat(text(new ObjectMessage("x".repeat(10_000)))).isEqualTo("x".repeat(10_000));
    assertThat(text(new ObjectMessage("x".repeat(10_001)))).isEqualTo("x".repeat(9_997) + "...");
    assertThat(text(new ObjectMessage("x".repeat(9_996) + "\uD83D\uDE00" + "x".repeat(100)))).isEqualTo("x".repeat(9_996) + "...");
  }

  @Test
  void a_string_without_parameters_stays_as_it_is_however_long() {
    String longText = "x".repeat(20_000);
    assertThat(text(new SimpleMessage(longText))).isEqualTo(longText);
    assertThat(text(new ParameterizedMessage(longText))).isEqualTo(longText);
    Log4jLogger.Keeping keeping = new Log4jLogger.Keeping();
    try (Log4jLogger log4j = new Log4jLogger()) {
      Logger logger = log4j.to(log4j.text(policy, keeping));
      logger.info(longText);
      logger.info((String) null);
      logger.info((Object) longText);
      logger.info(new StringBuilder(longText));
    }
    assertThat(keeping.kept).extracting(event -> event.getMessage().getFormattedMessage())
        .containsExactly(longText, "null", "x".repeat(9_997) + "...", longText);
  }

  private String text(org.apache.logging.log4j.message.Message message) {
    return policy.rewrite(event().setMessage(message).build()).getMessage().getFormattedMessage();
  }

  @Test
  void a_text_that_logs_is_kept_with_what_it_logged() {
    Log4jLogger.Keeping keeping = new Log4jLogger.Keeping();
    try (Log4jLogger log4j = new Log4jLogger()) {
      Logger logger = log4j.to(log4j.text(policy, keeping));
      logger.info("outer {}", new Object() {
        @Override
        public String toString() {
          logger.info("inner {}", 1);
          return "text";
        }
      });
    }
    assertThat(keeping.kept).extracting(event -> event.getMessage().getFormattedMessage()).contains("inner 1", "outer text");
  }
}
