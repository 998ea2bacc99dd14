package leaksafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** What must hold of every subcommand: its exit codes, and that it tells no secret. A new one without arguments here fails the test. */
@Timeout(180)
class SubcommandsTest {
  private static final String SECRET = "hunter2";
  private static final List<Object> KEPT = new ArrayList<>();
  private static final CountDownLatch END = new CountDownLatch(1);

  @TempDir
  static Path directory;

  private static String before;
  private static String after;

  @BeforeAll
  static void dump_with_secrets() throws Exception {
    before = dump("before.hprof");
    for (int i = 0; i < 2000; i++) {
      KEPT.add(new String(("password=" + SECRET).toCharArray())); // With an array of its own.
    }
    Thread thread = new Thread(() -> {
      try {
        END.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }, "session of " + SECRET);
    thread.setDaemon(true);
    thread.start();
    after = dump("after.hprof");
  }

  @AfterAll
  static void let_go() {
    KEPT.clear();
    END.countDown();
  }

  private static String dump(String name) throws Exception {
    String file = directory.resolve(name).toString();
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, true);
    return file;
  }

  /** Arguments that are right but for what they name, which is replaced by what does not exist. */
  private static Map<String, List<String>> arguments() {
    Map<String, List<String>> arguments = new LinkedHashMap<>();
    arguments.put("growth", List.of(before, after));
    arguments.put("diff", List.of(before, after));
    arguments.put("why", List.of(after, "java.lang.String"));
    for (String question : List.of("retained", "containers", "loaders", "ephemerons", "histogram", "strings", "threads")) {
      arguments.put(question, List.of(after));
    }
    return arguments;
  }

  private record Outcome(int code, String out, String err) {}

  private static Outcome run(String subcommand, List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(subcommand));
    all.addAll(arguments);
    all.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }

  @Test
  void each_is_looked_at_here() {
    List<String> all = Arrays.stream(Main.class.getAnnotation(Command.class).subcommands()).filter(type -> type != HelpCommand.class)
        .map(type -> type.getAnnotation(Command.class).name()).collect(Collectors.toCollection(ArrayList::new));
    assertThat(all.removeAll(arguments().keySet())).isTrue();
    assertThat(all).as("those without a dump, whose codes are tested in LaunchTest and MainTest").containsExactlyInAnyOrder("lint", "dump", "watch");
  }

  @Test
  void a_question_that_was_answered_ends_with_0_unless_something_grew() {
    arguments().forEach((question, arguments) -> {
      Outcome outcome = run(question, arguments, "-q");
      assertThat(outcome.code).as(question + outcome.err).isEqualTo(question.equals("growth") ? 1 : 0);
      assertThat(outcome.err).as(question).isEmpty();
      assertThat(outcome.out).as(question).isNotBlank();
    });
    assertThat(run("growth", List.of(after, after)).code).isZero();
  }

  @Test
  void what_cannot_be_answered_ends_with_2() throws Exception {
    String text = Files.writeString(directory.resolve("text.hprof"), "no dump").toString();
    arguments().forEach((question, arguments) -> {
      List<String> damaged = arguments.stream().map(argument -> argument.endsWith(".hprof") ? text : argument).toList();
      for (Outcome outcome : List.of(run(question, List.of("none.hprof", "none.hprof").subList(0, arguments.size())), run(question, damaged),
          run(question, arguments, "--no-such-option"), run(question, List.of()))) {
        assertThat(outcome.code).as(question + outcome.err).isEqualTo(2);
        assertThat(outcome.err).as(question).startsWith("leaksafe: ").hasLineCount(1);
        assertThat(outcome.out).as(question).isEmpty();
      }
    });
  }

  @Test
  void contents_are_shown_only_when_asked_for_whatever_the_question_and_the_form() {
    arguments().forEach((question, arguments) -> {
      for (String format : List.of("text", "json", "html", "dot")) {
        assertThat(run(question, arguments, "-f", format, "-n", "1000").out).as(question + " " + format).isNotBlank().doesNotContain(SECRET);
      }
    });
    for (String format : List.of("text", "json", "html", "dot")) {
      assertThat(run("strings", List.of(after), "-f", format, "--contents").out).as(format).contains("password=" + SECRET);
      assertThat(run("threads", List.of(after), "-f", format, "-n", "1000", "--contents").out).as(format).contains("session of " + SECRET);
    }
  }

  /** Strings are in fields of many classes, so that there are many paths. */
  @Test
  void rows_are_as_many_as_were_asked_for() {
    assertThat(run("histogram", List.of(after), "-n", "3").out.lines().filter(line -> line.matches(" *[\\d ]+ +[\\d.]+ k?M?B .*"))).hasSize(3);
    assertThat(leaves("why", "-n", "1")).isEqualTo(1);
    assertThat(leaves("why", "-n", "7")).isEqualTo(7);
    assertThat(leaves("why", "-p", "7")).isEqualTo(7);
  }

  private static long leaves(String question, String... more) {
    Outcome outcome = run(question, List.of(after, "java.lang.String"), more);
    String end = ": java.lang.String  (";
    return outcome.out.lines().filter(line -> line.contains(end)).count();
  }
}
