package leaksafe.heap.forked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.heap.HeapDump;
import leaksafe.heap.Report;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jol.vm.VM;

/** Sizes under each layout of objects that this JDK has are those that JOL says. */
@Timeout(120)
class LayoutTest {
  private static final int FIRST_WITH_COMPACT_HEADERS = 25;

  @TempDir
  Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseCompressedOops", "-XX:-UseCompressedOops", "-XX:ObjectAlignmentInBytes=16", "-XX:+UseCompactObjectHeaders"})
  void sizes_equal_those_of_jol(String flag) throws Exception {
    assumeTrue(!flag.contains("Compact") || Runtime.version().feature() >= FIRST_WITH_COMPACT_HEADERS, "this JDK has no compact headers");
    Path dump = directory.resolve("layout.hprof");
    Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", flag,
        "-XX:TieredStopAtLevel=1", "-Djol.skipDynamicAttach=true", "-cp",
        home(LayoutProgram.class) + java.io.File.pathSeparator + home(VM.class), LayoutProgram.class.getName(), dump.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines = new ArrayList<>();
    try (var reader = child.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(lines::add);
    }
    assertThat(child.waitFor()).as(lines.toString()).isZero();

    Map<String, Long> ours = new HashMap<>();
    Report histogram = HeapDump.open(dump).histogram(100_000);
    ((Report.Table) histogram.sections().get(0)).rows().forEach(row -> ours.put((String) row.get(2), (Long) row.get(1)));
    List<String> sizes = lines.stream().filter(line -> line.startsWith("size ")).toList();
    assertThat(sizes).hasSize(7);
    assertThat(sizes).allSatisfy(line -> {
      String[] words = line.split(" ");
      assertThat(ours.get(words[1])).as(line + " " + histogram.notes()).isEqualTo(Long.parseLong(words[2]));
    });
  }

  private static String home(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
