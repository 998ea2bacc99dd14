package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link OwnerLifeTest} shows holds with every collector; G1 is the one that it runs with. */
class OwnerLifeByCollectorTest {

  @ParameterizedTest
  @ValueSource(strings = {"UseSerialGC", "UseParallelGC", "UseZGC"})
  void no_dead_owner_is_kept_and_no_live_one_forgotten_with_the_collector(String collector) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process = new ProcessBuilder(java, "-XX:+" + collector, "-Xmx128m", "-cp", System.getProperty("java.class.path"),
        OwnerLife.class.getName()).redirectErrorStream(true).start();
    try {
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      List<String> forms = OwnerLifeTest.forms().map(form -> form.getName() + ": " + new OwnerLife.Count(0, 0)).toList();
      assertThat(printed.lines().filter(line -> line.contains("Count")).toList()).as(printed).containsExactlyElementsOf(forms);
    } finally {
      process.destroyForcibly();
    }
  }
}
