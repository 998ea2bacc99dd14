package leaksafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a command line, exit code 2 and one line say what was given and what would be right; nothing is lost. */
@Timeout(180)
class BadUseTest {
  @TempDir
  static Path directory;

  private static String dump;

  @BeforeAll
  static void dump() throws Exception {
    dump = directory.resolve("good.hprof").toString();
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump, true);
  }

  private static String refused(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    String line = err.toString();
    assertThat(code).as(String.join(" ", args) + " " + line).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(line).startsWith("leaksafe: ").hasLineCount(1).endsWith(System.lineSeparator());
    return line.strip();
  }

  @Test
  void no_arguments_show_what_there_is() {
    StringWriter err = new StringWriter();
    assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err))).isEqualTo(2);
    assertThat(err.toString()).contains("growth", "why", "Exit codes");
  }

  @Test
  void help_says_what_runs_in_a_vm_of_its_own() {
    StringWriter out = new StringWriter();
    assertThat(Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), "--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " ")).contains("Dumps are read in a Java VM of its own", "the lint runs in one that",
        "it does the work itself");
  }

  @Test
  void help_is_an_answer() {
    for (String question : List.of("growth", "why", "retained", "containers", "loaders", "ephemerons", "histogram", "diff", "strings", "threads",
        "dump", "watch", "lint")) {
      StringWriter out = new StringWriter();
      assertThat(Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), question, "--help")).isZero();
      assertThat(out.toString()).contains("Usage: leaksafe " + question);
      StringWriter same = new StringWriter();
      assertThat(Main.run(new PrintWriter(same), new PrintWriter(new StringWriter()), "help", question)).isZero();
      assertThat(same.toString()).isEqualTo(out.toString());
    }
  }

  @Test
  void wrong_words_are_answered_with_the_right_ones() {
    assertThat(refused("hist")).isEqualTo("leaksafe: there is no subcommand hist, did you mean histogram or strings?; leaksafe --help says more");
    assertThat(refused("histogram", "--frm", "json", dump)).startsWith("leaksafe: histogram has no option --frm");
    assertThat(refused("histogram")).isEqualTo("leaksafe: histogram needs DUMP; leaksafe histogram --help says more");
    assertThat(refused("diff", dump)).contains("diff needs OLDER and NEWER;");
    assertThat(refused("why", dump)).contains("why needs DUMP and CLASS|ID;");
    assertThat(refused("dump")).contains("dump needs PID and FILE;");
    assertThat(refused("histogram", dump, "other.hprof")).contains("histogram takes only DUMP, but was given other.hprof too");
    assertThat(refused("growth")).contains("requires at least 2 values, but none");
    assertThat(refused("growth", dump)).contains("requires at least 2 values, but only 1 were specified");
    assertThat(refused("histogram", "-f", "xml", dump)).contains("expected one of [TEXT, JSON, HTML, DOT]", "'xml'");
    assertThat(refused("histogram", "-f", "json", "-f", "html", dump)).contains("should be specified only once");
    assertThat(refused("histogram", "--follow", "strong", dump)).contains("--follow must be of soft, weak, phantom, final or none, but was strong");
    assertThat(refused("histogram", "--follow", "none,weak", dump)).contains("--follow must be none or some kinds of references, but was none,weak");
  }

  @Test
  void numbers_must_be_numbers_in_their_range() {
    assertThat(refused("histogram", "-n", "many", dump)).contains("'--top'", "must be a whole number of at most 2147483647, but was many");
    assertThat(refused("histogram", "-n", "99999999999", dump)).contains("but was 99999999999");
    assertThat(refused("histogram", "-n", "0", dump)).isEqualTo("leaksafe: --top must be at least 1, but was 0");
    assertThat(refused("histogram", "--threads", "0", dump)).isEqualTo("leaksafe: --threads must be at least 1, but was 0");
    assertThat(refused("histogram", "--threads", "5000", dump)).isEqualTo("leaksafe: --threads must be at most 256, but was 5000");
    assertThat(refused("why", dump, "java.lang.String", "-p", "0")).isEqualTo("leaksafe: --paths must be at least 1, but was 0");
    assertThat(refused("growth", dump, dump, "--minimum-bytes", "-1")).isEqualTo("leaksafe: --minimum-bytes must be at least 0, but was -1");
    assertThat(refused("growth", dump, dump, "--minimum-bytes", "1k")).contains("must be a whole number", "but was 1k");
    assertThat(refused("watch", "1", "-c", "1")).isEqualTo("leaksafe: --count must be at least 2, but was 1");
    assertThat(refused("watch", "1", "-i", "-1")).isEqualTo("leaksafe: --interval must be at least 0, but was -1");
  }

  @Test
  void what_is_no_dump_is_refused_before_another_is_read() throws Exception {
    assertThat(refused("histogram", "no-such.hprof")).isEqualTo("leaksafe: there is no file no-such.hprof");
    assertThat(refused("histogram", "@no-such.hprof")).isEqualTo("leaksafe: there is no file @no-such.hprof");
    assertThat(refused("histogram", "")).isEqualTo("leaksafe: the name of the dump is empty");
    assertThat(refused("histogram", directory.toString())).isEqualTo("leaksafe: " + directory + " is a directory: name a dump in it");
    Path text = Files.writeString(directory.resolve("text.hprof"), "not a dump");
    assertThat(refused("histogram", text.toString())).contains("text.hprof is no heap dump: it does not begin with");
    assertThat(refused("growth", text.toString(), "no-such.hprof")).isEqualTo("leaksafe: there is no file no-such.hprof");
    assertThat(refused("diff", text.toString(), "no-such.hprof")).isEqualTo("leaksafe: there is no file no-such.hprof");
    Path tiny = Files.write(directory.resolve("tiny.hprof.gz"), new byte[] {0x1F, (byte) 0x8B, 8, 0});
    assertThat(refused("histogram", tiny.toString())).contains("begins like gzip data, but is no gzip data: it ends within its header");
  }

  @Test
  void what_the_dump_does_not_have_is_answered_with_what_it_has() {
    assertThat(refused("why", dump, "String")).contains("the dump has no class String; did you mean java.lang.String or ");
    assertThat(refused("why", dump, "arraylist")).contains("did you mean java.util.ArrayList or ");
    assertThat(refused("why", dump, "com.acme.None")).endsWith("the dump has no class com.acme.None");
    assertThat(refused("why", dump, "")).endsWith("the dump has no class without a name");
    assertThat(refused("why", dump, "7f001122")).endsWith("the dump has no class 7f001122; an object's id begins with 0x");
    assertThat(refused("why", dump, "0xzz")).contains("an object's id is 0x and hexadecimal digits, but was 0xzz");
    assertThat(refused("why", dump, "0x3")).contains("the dump has no object with the id 0x3");
  }

  @Test
  void a_class_may_be_named_as_class_files_do() {
    for (String name : List.of("java/lang/String", "[B", "byte[]")) {
      StringWriter out = new StringWriter();
      assertThat(Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), "why", dump, name)).as(name).isZero();
    }
  }

  @Test
  void an_output_that_cannot_be_written_is_refused_before_the_dump_is_read() throws Exception {
    Path text = Files.writeString(directory.resolve("no-dump.hprof"), "not a dump");
    assertThat(refused("histogram", text.toString(), "-o", directory.toString())).contains("--output must be a file, but ").endsWith(" is a directory");
    assertThat(refused("histogram", text.toString(), "-o", "")).isEqualTo("leaksafe: --output must be a file, but its name is empty");
    Path nowhere = directory.resolve("nowhere").resolve("report.txt");
    assertThat(refused("histogram", text.toString(), "-o", nowhere.toString()))
        .isEqualTo("leaksafe: --output cannot be written: there is no directory " + nowhere.getParent());
  }

  @Test
  void the_dump_is_never_overwritten_by_its_report() throws Exception {
    Path copy = Files.copy(Path.of(dump), directory.resolve("copy.hprof"));
    byte[] before = Files.readAllBytes(copy);
    String detour = directory.resolve("..").resolve(directory.getFileName()).resolve("copy.hprof").toString();
    assertThat(refused("histogram", copy.toString(), "-o", detour)).contains("--output is the dump " + copy + " itself: name another file");
    assertThat(refused("growth", dump, copy.toString(), "-o", detour)).contains("itself");
    assertThat(Arrays.equals(Files.readAllBytes(copy), before)).isTrue();
  }

  @Test
  void processes_that_cannot_be_dumped_are_told_apart() {
    String file = directory.resolve("other.hprof").toString();
    assertThat(refused("dump", "-5", file)).isEqualTo("leaksafe: a process id is at least 1, but was -5");
    assertThat(refused("dump", "me", file)).contains("must be a whole number", "but was me");
    assertThat(refused("watch", "0", "-i", "0")).isEqualTo("leaksafe: a process id is at least 1, but was 0");
    assertThat(refused("dump", "2147483646", file)).startsWith("leaksafe: process 2147483646 cannot be attached to, which takes a running VM of the same user: ");
    assertThat(refused("dump", Long.toString(ProcessHandle.current().pid()), file)).contains("is this very VM, which cannot attach to itself");
    assertThat(refused("dump", "1", directory.resolve("x.txt").toString())).contains("the file must end with .hprof, but was x.txt");
    assertThat(refused("dump", "1", directory.resolve("nowhere").resolve("x.hprof").toString())).contains("there is no directory ");
    assertThat(refused("dump", "1", dump)).contains("exists: name a file that does not");
  }
}
