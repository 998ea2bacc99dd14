package leaksafe.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import leaksafe.heap.HeapInspector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class HeapGrowthTest {
  @TempDir
  Path folder;

  @Test
  void a_heap_dump_repairs_a_registry() throws Exception {
    // At most one entry may be spared, by a frame of this thread that still has its key.
    assertThat(Sample10_HeapGrowth.repair(new HeapInspector(folder, Duration.ofMinutes(2)))).isBetween(9L, 10L);
  }

  @Test
  void the_sample_finds_its_leak() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      Sample10_HeapGrowth.main(new String[0]);
    } finally {
      System.setOut(before);
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).containsPattern("1000 more objects, .* kB: .*TENANTS .*Tenant.audit -> ArrayList")
        .contains("Why an object of leaksafe.samples.Sample10_HeapGrowth$Request stays").doesNotContain("leaksafe.heap.");
  }
}
