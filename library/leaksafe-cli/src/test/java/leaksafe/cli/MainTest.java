package leaksafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class MainTest {
  static final List<Object> LEAK = new ArrayList<>();

  @TempDir
  static Path directory;

  private static String before;
  private static String after;

  @BeforeAll
  static void dump_twice() throws Exception {
    before = dump("before.hprof");
    for (int i = 0; i < 2000; i++) {
      LEAK.add(new long[16]);
    }
    after = dump("after.hprof");
  }

  @AfterAll
  static void let_go() {
    LEAK.clear();
  }

  private static String dump(String name) throws Exception {
    String file = directory.resolve(name).toString();
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, true);
    return file;
  }

  private record Outcome(int code, String out, String err) {}

  private static Outcome run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Outcome(code, out.toString(), err.toString());
  }

  @Test
  void growth_exits_with_1_and_names_the_list() {
    Outcome outcome = run("growth", before, after);
    assertThat(outcome.code).as(outcome.err).isEqualTo(1);
    assertThat(outcome.out).contains("MainTest.LEAK -> ArrayList.elementData").contains("2 000");
  }

  @Test
  void no_growth_exits_with_0() {
    Outcome outcome = run("growth", after, after);
    assertThat(outcome.code).as(outcome.err).isZero();
    assertThat(outcome.out).contains("Nothing grew.");
  }

  @Test
  void every_question_answers_in_every_form() throws Exception {
    for (String question : List.of("retained", "containers", "loaders", "ephemerons", "histogram", "strings", "threads")) {
      for (String format : List.of("text", "json", "html", "dot")) {
        Outcome outcome = run(question, "-n", "5", "-f", format, after);
        assertThat(outcome.code).as(question + " " + format + outcome.err).isZero();
        assertThat(outcome.out).startsWith(format.equals("json") ? "{\"version\":1," : format.equals("html") ? "<!DOCTYPE html>" : format.equals("dot") ? "digraph" : "");
        assertThat(outcome.out).isNotBlank();
      }
    }
    assertThat(run("why", after, "long[]", "-p", "3").out).contains("LEAK: java.util.ArrayList");
    assertThat(run("diff", before, after).out).contains("long[]");
    Path page = directory.resolve("growth.html");
    assertThat(run("growth", before, after, "-f", "html", "-o", page.toString()).code).isEqualTo(1);
    assertThat(Files.readString(page)).contains("<svg class=\"spark\"").doesNotContain("http://").doesNotContain("https://");
  }

  @Test
  void another_vm_is_dumped_and_watched_by_its_process_id() throws Exception {
    Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-cp",
        System.getProperty("java.class.path"), Sleeper.class.getName()).start();
    try {
      assertThat(child.getInputStream().read()).isEqualTo('r');
      Outcome first = run("watch", Long.toString(child.pid()), "-c", "3", "-i", "0", "--minimum-bytes", "2000");
      assertThat(first.out).as("the threads of our own connection are no growth").contains("Growth from").doesNotContain("<thread>");
      String file = directory.resolve("child.hprof").toString();
      Outcome dumped = run("dump", Long.toString(child.pid()), file);
      assertThat(dumped.code).as(dumped.err).isZero();
      assertThat(run("why", file, Sleeper.class.getName() + "$Kept").out).contains("KEPT");
      assertThat(run("dump", Long.toString(child.pid()), file).err).contains("exists");
      Outcome watched = run("watch", Long.toString(child.pid()), "-c", "2", "-i", "0", "--minimum-bytes", "10000000");
      assertThat(watched.code).as(watched.err).isZero();
      Outcome growing = run("watch", Long.toString(child.pid()), "-c", "2", "-i", "1", "--minimum-bytes", "10000");
      assertThat(growing.code).as(growing.out + growing.err).isEqualTo(1);
      assertThat(growing.out).contains("Sleeper.GROWING");
      assertThat(run("watch", Long.toString(child.pid()), "-c", "1").err).contains("--count must be at least 2");
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  /** A program to look at, which leaks some 100 kB a second. */
  static final class Sleeper {
    static final class Kept {}

    static final Object KEPT = new Kept();
    static final List<long[]> GROWING = new ArrayList<>();

    public static void main(String[] args) throws Exception {
      System.out.print('r');
      System.out.flush();
      for (int step = 0; step < 6000; step++) {
        Thread.sleep(20);
        for (int i = 0; i < 20; i++) {
          GROWING.add(new long[16]);
        }
      }
    }
  }
}
