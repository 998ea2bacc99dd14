package leaksafe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import leaksafe.testing.Throwing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts of throwables that are large, go round in circles, or fail. */
class ThrowableTextTest {

  @Test
  void one_that_is_suppressed_for_ever_is_kept_a_few_times_and_the_rest_counted() {
    RuntimeException thrown = new RuntimeException("outer");
    RuntimeException always = new RuntimeException("always the same");
    for (int i = 0; i < 1000; i++) {
      thrown.addSuppressed(always);
    }
    Throwable[] kept = ThrowableText.of(thrown).getSuppressed();
    assertThat(kept).hasSize(21);
    assertThat(kept[0]).hasToString("java.lang.RuntimeException: always the same");
    assertThat(kept[1]).hasToString("(cycle) java.lang.RuntimeException");
    assertThat(kept[20]).hasToString("(980 more suppressed)");
  }

  @Test
  void of_many_causes_and_suppressed_ones_twenty_are_kept_and_what_is_left_out_is_said() {
    RuntimeException thrown = new RuntimeException("outer");
    for (int i = 0; i < 15; i++) {
      thrown.addSuppressed(new RuntimeException("suppressed " + i, new RuntimeException("cause " + i)));
    }
    ThrowableText text = ThrowableText.of(thrown);
    assertThat(count(text)).isEqualTo(20);
    Throwable[] kept = text.getSuppressed();
    assertThat(kept[kept.length - 1]).hasToString("(5 more suppressed)");
    assertThat(kept[kept.length - 2]).hasToString("java.lang.RuntimeException: suppressed 9");
    assertThat(kept[kept.length - 2].getCause()).hasToString("(more causes)");
  }

  private static int count(Throwable text) {
    int count = text.getMessage() == null ? 0 : 1; // markers have no message
    for (Throwable suppressed : text.getSuppressed()) {
      count += count(suppressed);
    }
    return text.getCause() == null ? count : count + count(text.getCause());
  }

  @Test
  void a_cause_that_is_suppressed_in_its_effect_and_the_other_way_round_ends() {
    RuntimeException cause = new RuntimeException("cause");
    RuntimeException effect = new RuntimeException("effect", cause);
    cause.addSuppressed(effect);
    effect.addSuppressed(cause);
    ThrowableText text = ThrowableText.of(effect);
    assertThat(text.getCause().getSuppressed()).singleElement().hasToString("(cycle) java.lang.RuntimeException");
    assertThat(text.getSuppressed()).singleElement().hasToString("(cycle) java.lang.RuntimeException");
  }

  /** One that says something of its own, as some of the JDK and of parsers do. */
  private static class Saying extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Supplier<String> said;

    Saying(String message, Supplier<String> said) {
      super(message);
      this.said = said;
    }

    @Override
    public String toString() {
      return said.get();
    }
  }

  private static String print(Throwable throwable) {
    StringWriter writer = new StringWriter();
    throwable.printStackTrace(new PrintWriter(writer, true));
    return writer.toString();
  }

  @Test
  void what_a_throwable_says_of_itself_is_printed_as_the_throwable_prints_it() {
    RuntimeException thrown = new Saying("outer", () -> "line 5: outer");
    thrown.initCause(new Saying(null, () -> null));
    thrown.addSuppressed(new Saying("inner", () -> "line 6:\ninner"));
    ThrowableText text = ThrowableText.of(thrown);
    assertThat(print(text)).isEqualTo(print(thrown)).contains("line 5: outer", "Caused by: null", "line 6:\ninner");
    assertThat(text).hasMessage("outer");
    assertThat(text.originalClass()).isEqualTo(Saying.class.getName());
    assertThat(text.lines()).containsExactly("line 5: outer", "null");
    assertThat(ThrowableText.of(new RuntimeException("around", text)).getCause()).hasToString("line 5: outer");
    assertThat(ThrowableText.of(new Saying("long", () -> "x".repeat(1001)))).hasToString("x".repeat(997) + "...");
  }

  @ParameterizedTest
  @MethodSource("leaksafe.testing.Throwing#kinds")
  void where_that_fails_its_class_and_message_and_the_failure_are_printed(Throwable failure) {
    ThrowableText text = ThrowableText.of(new Saying("message", () -> {
      throw Throwing.raise(failure);
    }));
    assertThat(text).hasToString(Saying.class.getName() + ": message (its text failed: " + failure.getClass().getName() + ")").hasMessage("message");
    OutOfMemoryError error = new OutOfMemoryError("on purpose");
    assertThatThrownBy(() -> ThrowableText.of(new Saying("message", () -> {
      throw error;
    }))).isSameAs(error);
  }

  @Test
  void a_throwable_without_a_text_of_its_own_is_asked_for_its_message_once() {
    AtomicInteger asked = new AtomicInteger();
    ThrowableText text = ThrowableText.of(new RuntimeException() {
      private static final long serialVersionUID = 1L;

      @Override
      public String getMessage() {
        return "asked " + asked.incrementAndGet();
      }
    });
    assertThat(text.getMessage() + asked).isEqualTo("asked 11");
  }

  @Test
  void a_message_is_not_cut_within_a_surrogate_pair() {
    String message = "x".repeat(996) + "\uD83D\uDE00" + "x".repeat(100);
    assertThat(ThrowableText.of(new RuntimeException(message))).hasMessage("x".repeat(996) + "...");
    assertThat(ThrowableText.of(new RuntimeException("x".repeat(1001)))).hasMessage("x".repeat(997) + "...");
    assertThat(ThrowableText.of(new RuntimeException("x".repeat(1000)))).hasMessage("x".repeat(1000));
  }

  /** A throwable that says it is equal to any. */
  private static final class Equal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Equal(String message) {
      super(message);
    }

    @Override
    public boolean equals(Object other) {
      return true;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  @Test
  void a_cause_that_is_equal_to_its_effect_is_no_cycle() {
    RuntimeException effect = new Equal("effect");
    effect.initCause(new Equal("cause"));
    assertThat(ThrowableText.of(effect).getCause()).hasMessage("cause");
  }

  @Test
  void of_a_long_trace_the_first_two_hundred_frames_are_kept() {
    RuntimeException thrown = new RuntimeException();
    StackTraceElement[] trace = new StackTraceElement[1000];
    for (int i = 0; i < trace.length; i++) {
      trace[i] = new StackTraceElement("Some", "method" + i, "Some.java", i);
    }
    thrown.setStackTrace(trace);
    assertThat(ThrowableText.of(thrown).getStackTrace()).hasSize(200).startsWith(trace[0]).endsWith(trace[199]);
  }

  @Test
  void a_trace_with_holes_fails_and_the_rest_is_text() {
    RuntimeException thrown = new RuntimeException("with holes") {
      private static final long serialVersionUID = 1L;

      @Override
      public StackTraceElement[] getStackTrace() {
        return new StackTraceElement[3];
      }
    };
    ThrowableText text = ThrowableText.of(thrown);
    assertThat(text).hasMessage("with holes");
    assertThat(text.getStackTrace()).singleElement().asString().startsWith("(its stack trace failed: java.lang.NullPointerException)");
  }

  @Test
  void a_text_within_another_throwable_says_what_it_is_the_text_of() {
    ThrowableText text = ThrowableText.of(new IllegalStateException("first"));
    assertThat(ThrowableText.of(new RuntimeException("second", text)).getCause()).hasToString("java.lang.IllegalStateException: first");
  }

  @Test
  void an_error_of_the_jvm_is_not_hidden() {
    OutOfMemoryError error = new OutOfMemoryError("on purpose");
    RuntimeException thrown = new RuntimeException() {
      private static final long serialVersionUID = 1L;

      @Override
      public String getMessage() {
        throw error;
      }
    };
    assertThatThrownBy(() -> ThrowableText.of(thrown)).isSameAs(error);
  }
}
