package leaksafe.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs every jcstress test once, for as short a time as jcstress has: the long form is {@code mvn -Pslow verify}. */
class StressShortFormTest {

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES) // more than the two minutes that every test has: it waits for a process, for five at most
  void no_ordering_claim_is_refuted_by_a_short_run(@TempDir Path results) throws IOException, InterruptedException {
    Path output = results.resolve("output.txt");
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp", System.getProperty("java.class.path"), "org.openjdk.jcstress.Main", "-m", "sanity", "-t", "leaksafe.stress",
        "-r", results.toString()).redirectErrorStream(true).redirectOutput(output.toFile()).directory(results.toFile()).start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("jcstress ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(text).contains("RUN RESULTS", "Failed tests: No matches.", "Error tests: No matches.");
    assertThat(process.exitValue()).as(text).isZero();
  }
}
