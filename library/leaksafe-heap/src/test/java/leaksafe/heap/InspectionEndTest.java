package leaksafe.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a VM leaves on the disk that ends while its dump is analysed. */
@Timeout(180)
class InspectionEndTest {
  @TempDir
  Path directory;

  private Process inspecting(boolean exits) throws IOException {
    return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"), Inspecting.class.getName(), directory.toString(), Boolean.toString(exits))
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static long analysis(Process program) throws IOException {
    String line = program.inputReader().readLine();
    assertThat(line).as("the process id of the child that analyses").matches("[1-9]\\d*");
    return Long.parseLong(line);
  }

  private static void awaitEnd(long pid) throws Exception {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      process.get().onExit().get(60, TimeUnit.SECONDS);
    }
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void a_VM_that_exits_ends_the_analysis_and_leaves_no_file() throws Exception {
    Process program = inspecting(true);
    long analysis = analysis(program);
    assertThat(program.waitFor()).isZero();
    assertThat(left()).isEmpty();
    awaitEnd(analysis);
  }

  @Test
  void of_a_VM_that_is_killed_the_analysis_deletes_the_files_when_it_is_done() throws Exception {
    Process program = inspecting(false);
    long analysis = analysis(program);
    assertThat(left()).hasSize(1);
    program.destroyForcibly().waitFor();
    awaitEnd(analysis);
    assertThat(left()).isEmpty();
  }

  /** Inspects itself, says which process analyses as soon as it does, and exits or waits. */
  static final class Inspecting {
    private static final Object[] MANY = new Object[500_000];

    private Inspecting() {}

    public static void main(String[] args) throws Exception {
      for (int i = 0; i < MANY.length; i++) {
        MANY[i] = new int[] {i};
      }
      Path directory = Path.of(args[0]);
      Thread inspection = new Thread(() -> {
        try {
          new HeapInspector(directory, Duration.ofMinutes(2)).inspect();
        } catch (IOException | InterruptedException e) {
          System.out.println(e); // Nobody reads this where the analysis was ended on purpose.
        }
      });
      inspection.setDaemon(true);
      inspection.start();
      while (!hasAnswer(directory)) {
        Thread.sleep(1);
      }
      System.out.println(ProcessHandle.current().children().findFirst().map(ProcessHandle::pid).orElse(0L));
      if (Boolean.parseBoolean(args[1])) {
        System.exit(0);
      }
      inspection.join();
    }

    private static boolean hasAnswer(Path directory) throws IOException {
      try (Stream<Path> files = Files.walk(directory)) {
        return files.anyMatch(file -> file.endsWith("answer"));
      }
    }
  }
}
