package leaksafe.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyVO;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.status.Status;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Marker;

/** The text appender in Logback: its file of settings, its end, and what is in an event. */
class LogbackTextTest {
  private final LoggerContext context = new LoggerContext();
  private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();
  private final ListAppender<ILoggingEvent> list = new ListAppender<>();
  private final TextAppender text = new TextAppender();
  private final ch.qos.logback.classic.Logger logger = context.getLogger("test");

  LogbackTextTest() {
    context.setMDCAdapter(mdc);
    list.setContext(context);
    list.start();
    text.setContext(context);
    text.setName("TEXT");
    logger.addAppender(text);
  }

  @AfterEach
  void end() {
    context.stop();
  }

  private void startInFrontOfTheList() {
    text.addAppender(list);
    text.start();
  }

  private List<String> warnings() {
    return context.getStatusManager().getCopyOfStatusList().stream().filter(status -> status.getEffectiveLevel() >= Status.WARN)
        .map(status -> {
          StringBuilder said = new StringBuilder(status.getMessage());
          for (Throwable cause = status.getThrowable(); cause != null; cause = cause.getCause()) {
            said.append(" / ").append(cause.getMessage());
          }
          return said.toString();
        }).toList();
  }

  private void configure(String settings, Path file) throws JoranException {
    JoranConfigurator joran = new JoranConfigurator();
    joran.setContext(context);
    joran.doConfigure(new ByteArrayInputStream("""
        <configuration>
          <appender name="FILE" class="ch.qos.logback.core.FileAppender">
            <file>%s</file>
            <encoder><pattern>%%msg %%method%%n</pattern></encoder>
          </appender>
          <appender name="BEHIND" class="leaksafe.logging.TextAppender">
            %s
            <appender-ref ref="FILE"/>
          </appender>
          <root level="INFO"><appender-ref ref="BEHIND"/></root>
        </configuration>
        """.formatted(file, settings).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_file_of_settings_puts_it_in_front_of_another_which_ends_with_it(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("log.txt");
    configure("<argumentCharacters>20</argumentCharacters><includeCallerData>true</includeCallerData>", file);
    TextAppender behind = (TextAppender) context.getLogger("ROOT").getAppender("BEHIND");
    Appender<ILoggingEvent> target = behind.getAppender("FILE");
    context.getLogger("configured").info("of {}", "x".repeat(100));
    assertThat(warnings()).isEmpty();
    context.stop();
    assertThat(target.isStarted()).as("else its file would stay open").isFalse();
    assertThat(behind.isStarted()).isFalse();
    assertThat(behind.iteratorForAppenders().hasNext()).isFalse();
    assertThat(Files.readAllLines(file))
        .containsExactly("of " + "x".repeat(17) + "... a_file_of_settings_puts_it_in_front_of_another_which_ends_with_it");
  }

  @Test
  void a_wrong_value_in_the_file_is_reported_and_the_usual_one_stays(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("log.txt");
    configure("<argumentCharacters>5</argumentCharacters><argumentCharacters>many</argumentCharacters><argumentLength>20</argumentLength>", file);
    context.getLogger("configured").info("{}", "x".repeat(1000));
    assertThat(warnings()).anySatisfy(said -> assertThat(said).contains("argumentCharacters").contains("characters must be at least 16, but was 5"))
        .anySatisfy(said -> assertThat(said).contains("argumentCharacters").contains("\"many\""))
        .anySatisfy(said -> assertThat(said).contains("argumentLength"));
    context.stop();
    assertThat(Files.readString(file)).hasSize(500 + " ?".length() + System.lineSeparator().length());
  }

  @Test
  void an_appender_with_nobody_behind_it_says_so() {
    text.start();
    assertThat(warnings()).containsExactly("no appender stands behind the TextAppender named [TEXT], so what it gets is lost: add an <appender-ref>");
  }

  @Test
  void a_diagnostic_value_may_be_null() {
    startInFrontOfTheList();
    mdc.put("user", null);
    mdc.put("request", "1");
    logger.info("with {}", "values");
    mdc.put("request", "2");
    assertThat(list.list).hasSize(1);
    assertThat(list.list.get(0).getMDCPropertyMap()).containsEntry("user", null).containsEntry("request", "1").hasSize(2);
  }

  @Test
  void an_argument_that_the_message_does_not_mention_is_not_asked_for_its_text() {
    startInFrontOfTheList();
    AtomicInteger asked = new AtomicInteger();
    Object argument = new Object() {
      @Override
      public String toString() {
        return "asked " + asked.incrementAndGet();
      }
    };
    logger.info("nothing", argument);
    logger.info("{} and {}", argument, 1);
    logger.debug("disabled {}", argument);
    assertThat(list.list).extracting(ILoggingEvent::getFormattedMessage).startsWith("nothing", "asked 1 and 1");
  }

  @Test
  void the_line_that_logged_is_looked_for_if_that_is_said() {
    startInFrontOfTheList();
    logger.info("without");
    text.setIncludeCallerData(true);
    logger.info("with");
    assertThat(list.list.get(0).hasCallerData()).isFalse();
    assertThat(list.list.get(0).getCallerData()).isEmpty();
    assertThat(list.list.get(1).getCallerData()[0].getMethodName()).isEqualTo("the_line_that_logged_is_looked_for_if_that_is_said");
    list.list.get(1).getCallerData()[0] = null;
    assertThat(list.list.get(1).getCallerData()[0]).as("of the reader's own array").isNotNull();
  }

  @Test
  void a_text_that_logs_is_kept_with_what_it_logged() {
    startInFrontOfTheList();
    logger.info("outer {}", new Object() {
      @Override
      public String toString() {
        logger.info("inner {}", 1);
        return "text";
      }
    });
    assertThat(list.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("inner 1", "outer text");
  }

  @Test
  void a_text_that_fails_is_in_the_message_and_the_next_event_is_kept() {
    startInFrontOfTheList();
    Object failing = new Object() {
      @Override
      public String toString() {
        throw new StackOverflowError("on purpose");
      }
    };
    logger.info("a {} b", failing);
    logger.info("next");
    assertThat(list.list).extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("a " + failing.getClass().getName() + " (failed: java.lang.StackOverflowError) b", "next");
  }

  /** An appender that fails. */
  private static final class Failing extends ListAppender<ILoggingEvent> {
    private final Throwable thrown;

    Failing(Throwable thrown) {
      this.thrown = thrown;
      setName("FAILING");
    }

    @Override
    public void doAppend(ILoggingEvent event) {
      LogbackTextTest.<RuntimeException>raise(thrown);
    }
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void raise(Throwable thrown) throws X {
    throw (X) thrown;
  }

  @Test
  void an_appender_that_fails_keeps_neither_the_others_from_the_event_nor_the_program_from_going_on() {
    for (Throwable thrown : List.of(new java.io.IOException("of an encoder"), new IllegalStateException("unchecked"),
        new AssertionError("an error"))) {
      text.addAppender(new Failing(thrown));
    }
    startInFrontOfTheList();
    logger.info("first");
    logger.info("second");
    assertThat(list.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("first", "second");
    assertThat(warnings()).anySatisfy(said -> assertThat(said).contains("TEXT").contains("the appender named [FAILING] failed / of an encoder"));
    assertThat(context.getStatusManager().getCopyOfStatusList()).filteredOn(status -> status.getThrowable() != null)
        .anySatisfy(status -> assertThat(status.getThrowable().getSuppressed()).extracting(Throwable::getMessage)
            .containsExactly("unchecked", "an error"));
  }

  @Test
  void an_interruption_that_an_appender_throws_is_not_lost() {
    text.addAppender(new Failing(new InterruptedException("on purpose")));
    startInFrontOfTheList();
    logger.info("message");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void an_event_that_cannot_be_made_into_text_is_reported_whatever_is_thrown() {
    startInFrontOfTheList();
    AssertionError failure = new AssertionError("on purpose");
    MarkerThatHolds marker = new MarkerThatHolds("marker", null);
    marker.failure = failure;
    logger.info(marker, "lost");
    logger.info("next");
    assertThat(list.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("next");
    assertThat(warnings()).anySatisfy(said -> assertThat(said).contains("an event could not be made into text / on purpose"));
  }

  @Test
  void what_a_throwable_says_of_itself_is_printed_as_without_ours() {
    startInFrontOfTheList();
    ListAppender<ILoggingEvent> plain = new ListAppender<>();
    plain.setContext(context);
    plain.start();
    logger.addAppender(plain);
    RuntimeException thrown = new RuntimeException("outer", new IllegalStateException()) {
      private static final long serialVersionUID = 1L;

      @Override
      public String toString() {
        return "line 5: " + getMessage();
      }
    };
    logger.warn("failed", thrown);
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern("%msg%n%ex");
    layout.start();
    assertThat(layout.doLayout(list.list.get(0))).isEqualTo(layout.doLayout(plain.list.get(0))).contains("line 5: outer");
  }

  @Test
  @SuppressWarnings("deprecation") // references
  void markers_that_all_refer_to_each_other_are_cut_where_they_are_too_many() {
    startInFrontOfTheList();
    List<MarkerThatHolds> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(new MarkerThatHolds(i == 7 ? null : "m" + i, null));
    }
    all.forEach(each -> all.forEach(each::add));
    logger.info(all.get(0), "marked");
    Marker kept = list.list.get(0).getMarkerList().get(0);
    assertThat(kept.getName()).isEqualTo("m0");
    assertThat(kept.contains("m1")).isTrue();
    assertThat(all.stream().mapToInt(each -> each.asked).sum()).as("walks through references").isBetween(2, 200);
  }

  @Test
  @SuppressWarnings("deprecation") // references
  void references_of_references_are_kept_eight_deep() {
    startInFrontOfTheList();
    MarkerThatHolds first = new MarkerThatHolds("m0", null);
    MarkerThatHolds last = first;
    for (int i = 1; i < 20; i++) {
      MarkerThatHolds next = new MarkerThatHolds("m" + i, null);
      last.add(next);
      last = next;
    }
    logger.info(first, "marked");
    Marker kept = list.list.get(0).getMarkerList().get(0);
    assertThat(kept.contains("m7")).isTrue();
    assertThat(kept.contains("m8")).isFalse();
  }

  @Test
  void diagnostic_values_that_change_after_the_event_do_not_change_in_it() {
    startInFrontOfTheList();
    Map<String, String> values = new HashMap<>(Map.of("user", "first"));
    LoggingEvent event = new LoggingEvent("fqcn", logger, ch.qos.logback.classic.Level.INFO, "message", null, null) {
      @Override
      public Map<String, String> getMDCPropertyMap() {
        return values;
      }
    };
    text.doAppend(event);
    values.put("user", "second");
    assertThat(list.list.get(0).getMDCPropertyMap()).containsEntry("user", "first");
  }

  /** A throwable of somebody else, who keeps more than text. */
  private record Foreign(Object held) implements IThrowableProxy {
    @Override
    public String getMessage() {
      return "a message";
    }

    @Override
    public String getClassName() {
      return "Foreign";
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
      return new StackTraceElementProxy[] {new StackTraceElementProxy(new StackTraceElement("Some", "where", "Some.java", 1))};
    }

    @Override
    public int getCommonFrames() {
      return 0;
    }

    @Override
    public IThrowableProxy getCause() {
      return new ThrowableProxy(new IllegalStateException("a cause"));
    }

    @Override
    public IThrowableProxy[] getSuppressed() {
      return new IThrowableProxy[0];
    }

    @Override
    public boolean isCyclic() {
      return false;
    }
  }

  @Test
  void a_throwable_of_another_kind_becomes_text_too() {
    startInFrontOfTheList();
    LoggingEvent event = new LoggingEvent("fqcn", logger, ch.qos.logback.classic.Level.WARN, "failed", null, null);
    IThrowableProxy foreign = new Foreign(new Object());
    ILoggingEvent odd = new ch.qos.logback.classic.spi.LoggingEvent() {
      @Override
      public IThrowableProxy getThrowableProxy() {
        return foreign;
      }

      @Override
      public String getThreadName() {
        return event.getThreadName();
      }

      @Override
      public Map<String, String> getMDCPropertyMap() {
        return Map.of();
      }
    };
    text.doAppend(odd);
    IThrowableProxy kept = list.list.get(0).getThrowableProxy();
    assertThat(kept).isInstanceOf(ThrowableProxyVO.class);
    assertThat(kept.getClassName() + ": " + kept.getMessage() + " at " + kept.getStackTraceElementProxyArray()[0].getStackTraceElement().getClassName())
        .isEqualTo("Foreign: a message at Some");
    assertThat(kept.getCause()).isInstanceOf(ThrowableProxyVO.class);
    assertThat(TextEvent.of(list.list.get(0), leaksafe.log.Excerpt.USUAL)).as("text stays as it is").isSameAs(list.list.get(0));
  }
}
