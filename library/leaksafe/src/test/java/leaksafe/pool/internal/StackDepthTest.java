package leaksafe.pool.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stacks that overflow in the midst of pools, wherever that is, cost nothing for good: see {@link StackDepth}. */
class StackDepthTest {
  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"}) // with large frames, and with small ones
  void a_stack_that_overflows_anywhere_in_a_pool_costs_nothing_for_good(String option) throws Exception {
    assertThat(run(option)).endsWith("balanced\n");
  }

  private static String run(String option) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", option, "-cp",
        System.getProperty("java.class.path"), StackDepth.class.getName()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
