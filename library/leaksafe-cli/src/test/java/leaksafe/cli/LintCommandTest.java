package leaksafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LintCommandTest {

  @Test
  void what_follows_lint_is_left_to_the_lint_with_its_exit_codes() {
    assertThat(lint(0, "--minimum-severity", "warning", "--context", "target/test-classes", "target/classes")).contains(" findings in ");
    assertThat(lint(2, "--minimum-severity", "loud", "target/classes")).contains("must be error, warning or info, but was loud");
    assertThat(lint(0, "--explain", "LS001")).startsWith("# LS001");
    assertThat(lint(0, "--help")).startsWith("Usage: leaksafe lint [options] directory-or-jar[:more]...")
        .contains("Without a directory or jar it shows what each option takes.");
    assertThat(lint(2, "target/nowhere")).isEqualTo("target/nowhere: there is no such directory or jar" + System.lineSeparator());
    assertThat(lint(2)).contains("no directory or jar was given", "--baseline FILE");
  }

  private static String lint(int exit, String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "lint";
    System.arraycopy(options, 0, args, 1, options.length);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    try (PrintStream caught = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(caught);
      System.setErr(caught);
      assertThat(Main.run(new PrintWriter(caught, true), new PrintWriter(caught, true), args)).isEqualTo(exit);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
