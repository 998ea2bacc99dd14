package leaksafe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class LaunchTest {
  private static final List<Object> LEAK = new ArrayList<>();
  private static final long MEGABYTE = 1 << 20;

  @TempDir
  Path directory;

  /** The program as users start it: a process, its output, its exit code. */
  @Test
  void the_program_ends_with_0_1_or_2_whichever_vm_does_the_work() throws Exception {
    String before = dump("before.hprof");
    for (int i = 0; i < 2000; i++) {
      LEAK.add(new long[16]);
    }
    String after = dump("after.hprof");
    LEAK.clear();
    assertThat(program(List.of(), "growth", before, after)).startsWith("1:").contains("LaunchTest.LEAK").contains("2 000");
    assertThat(program(List.of("-Xmx256m"), "growth", after, after)).startsWith("0:").contains("Nothing grew.");
    assertThat(program(List.of(), "why", after, "com.acme.None")).startsWith("2:").contains("leaksafe: the dump has no class com.acme.None");
  }

  @Test
  void the_lint_runs_in_a_vm_of_its_own_with_its_exit_codes() throws Exception {
    Path classes = Path.of("target/classes");
    assertThat(program(List.of(), "lint", classes.toString())).startsWith("0:").contains(" findings in ");
    assertThat(program(List.of("-Xmx256m"), "lint", classes.toString())).startsWith("0:").contains(" findings in ");
    assertThat(program(List.of(), "lint", "--minimum-severity", "loud", classes.toString())).startsWith("2:").contains("but was loud");
    assertThat(Launch.again(new String[] {"lint", "x"}, List.of("-XX:TieredStopAtLevel=1"), 64 * MEGABYTE))
        .containsSubsequence("-XX:TieredStopAtLevel=1", "-Xmx64m", Main.class.getName(), "lint", "x");
  }

  @Test
  void a_vm_that_ends_by_itself_is_no_growth() throws Exception {
    for (int code = 0; code <= Main.BAD_USE; code++) {
      assertThat(Launch.decoded(Launch.coded(code))).isEqualTo(code);
    }
    assertThatThrownBy(() -> Launch.decoded(1)).isInstanceOf(IOException.class).hasMessageContaining("ended with code 1;");
    assertThatThrownBy(() -> Launch.decoded(137)).hasMessageContaining("killed, perhaps for want of memory");
  }

  @Test
  void a_heap_that_is_too_small_is_bad_use_and_no_growth() throws Exception {
    String dump = dump("small.hprof");
    for (String heap : List.of("-Xmx6m", "-Xmx12m")) {
      assertThat(program(List.of(heap, "-XX:+UseSerialGC"), "retained", dump)).as(heap).startsWith("2:").contains("leaksafe: ", "-Xmx").doesNotContain("\tat ");
    }
  }

  @Test
  void an_output_that_is_full_is_said() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    String dump = dump("whole.hprof");
    assertThat(program(List.of(), ProcessBuilder.Redirect.to(full.toFile()), "histogram", dump)).startsWith("2:")
        .contains("leaksafe: the report could not be written to the standard output: ").doesNotContain("\tat ");
  }

  private String dump(String name) throws Exception {
    String file = directory.resolve(name).toString();
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, true);
    return file;
  }

  private static String program(List<String> options, String... args) throws Exception {
    return program(options, ProcessBuilder.Redirect.PIPE, args);
  }

  private static String program(List<String> options, ProcessBuilder.Redirect to, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(options);
    // The jar has these in itself, and a class path of that length does not fit where a process shows its arguments.
    command.addAll(List.of("-cp", home(Main.class) + File.pathSeparator + home(picocli.CommandLine.class) + File.pathSeparator
        + home(leaksafe.heap.HeapDump.class) + File.pathSeparator + home(leaksafe.lint.LintCommand.class) + asm(), Main.class.getName()));
    command.addAll(List.of(args));
    boolean isPipe = to == ProcessBuilder.Redirect.PIPE;
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(isPipe).redirectOutput(to);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    Process process = builder.start();
    String out = new String((isPipe ? process.getInputStream() : process.getErrorStream()).readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + ":" + out;
  }

  /** Returns where the lint's reader of class files is, unless the lint's jar has it in itself. */
  private static String asm() throws Exception {
    StringBuilder path = new StringBuilder();
    for (String type : List.of("ClassReader", "tree.ClassNode", "tree.analysis.Analyzer")) {
      try {
        path.append(File.pathSeparator).append(home(Class.forName("org.objectweb.asm." + type)));
      } catch (ClassNotFoundException shaded) {
        return "";
      }
    }
    return path.toString();
  }

  private static String home(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  @Test
  void the_heap_is_made_for_the_dumps_and_no_larger_than_allowed() throws Exception {
    Path plain = Files.write(directory.resolve("plain.hprof"), new byte[(int) (10 * MEGABYTE)]);
    byte[] gzip = new byte[(int) MEGABYTE];
    gzip[0] = 0x1F;
    gzip[1] = (byte) 0x8B;
    Path compressed = Files.write(directory.resolve("compressed.hprof.gz"), gzip);
    String[] args = {"growth", plain.toString(), compressed.toString(), "-n", "5"};
    assertThat(Launch.dumps(args)).containsExactly(plain, compressed);
    assertThat(Launch.command(args, List.of(plain), 1000 * MEGABYTE)).contains("-Xmx152m", "-XX:TieredStopAtLevel=1").endsWith(args);
    assertThat(Launch.command(args, List.of(plain, compressed), 1000 * MEGABYTE)).anyMatch(option -> option.matches("-Xmx17[78]m"));
    assertThat(Launch.command(args, List.of(plain, compressed), 100 * MEGABYTE)).contains("-Xmx100m");
  }

  @Test
  void a_vm_with_options_of_its_own_is_left_alone() throws Exception {
    assertThat(Launch.hasOptions(new String[] {"-jar", "leaksafe-cli.jar", "why", "-Xray"}, Map.of())).isFalse();
    assertThat(Launch.hasOptions(new String[] {"-cp", "x", Main.class.getName(), "-Xray"}, Map.of())).isFalse();
    assertThat(Launch.hasOptions(new String[] {"-Xmx8g", "-jar", "leaksafe-cli.jar"}, Map.of())).isTrue();
    assertThat(Launch.hasOptions(new String[] {"-jar", "leaksafe-cli.jar"}, Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC"))).isTrue();
    assertThat(Launch.run(new String[] {"watch", "1"})).isEqualTo(-1);
    assertThat(Launch.run(new String[] {"histogram", "no-such.hprof"})).isEqualTo(-1);
  }
}
