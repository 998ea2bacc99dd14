package leaksafe.lab.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import leaksafe.lab.Scenario;
import leaksafe.lab.Side;
import org.jspecify.annotations.Nullable;

/** Runs one side of one scenario in a JVM of its own and listens to what it tells. */
public final class ChildJvm {
  private static final long GRACE_MILLIS = 20_000; // to start, to settle and to end

  private final List<HeapSample> samples = new ArrayList<>();
  private final List<Named> named = new ArrayList<>();
  private long baseBytes;
  private long operations;
  private @Nullable HeapSample settled;
  private @Nullable String failure;
  private String lastWords = "";

  private ChildJvm() {}

  /**
   * Runs it and waits for its end, which comes at the latest 20 s after the limits' longest time.
   *
   * @param dump where it dumps its heap when it is out of memory, or when its work is over; null if it does not
   * @throws IOException if no JVM can be started
   */
  public static Run run(Scenario scenario, Side side, Limits limits, int heapMegabytes, Path index, @Nullable Path dump, LongConsumer progress)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + heapMegabytes + "m", "-Xmn" + heapMegabytes / 10 + "m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xss512k",
        "-cp", System.getProperty("java.class.path"), Child.class.getName(),
        scenario.name(), side.name(), Long.toString(limits.operations()), Long.toString(limits.needed()),
        Long.toString(limits.millis()), Long.toString(limits.longestMillis()), index.toString()));
    if (dump != null) {
      command.addAll(1, List.of("-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=" + dump, "-D" + Child.DUMP + "=" + dump));
    }
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      ChildJvm child = new ChildJvm();
      // The reading ends with the process, so killing the process is all that a time-out needs.
      CompletableFuture<Void> watchdog = CompletableFuture.runAsync(process::destroyForcibly,
          CompletableFuture.delayedExecutor(limits.longestMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS));
      child.listen(process, progress);
      int exitCode = process.waitFor();
      boolean timedOut = !watchdog.cancel(false) && exitCode != 0;
      return child.result(exitCode, timedOut, (System.nanoTime() - start) / 1_000_000);
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(killer);
    }
  }

  private void listen(Process process, LongConsumer progress) throws IOException {
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Message message = Message.parse(line);
        if (message instanceof Message.Base base) {
          baseBytes = base.bytes();
        } else if (message instanceof Message.Collected collected) {
          samples.add(collected.sample());
          operations = Math.max(operations, collected.sample().operations());
        } else if (message instanceof Message.Progress done) {
          operations = Math.max(operations, done.operations());
          progress.accept(operations);
        } else if (message instanceof Message.Settled end) {
          settled = end.sample();
          operations = end.sample().operations();
        } else if (message instanceof Message.Grown grown) {
          named.add(grown.named());
        } else if (message instanceof Message.Failed failed) {
          failure = failed.what();
        } else if (!line.isBlank()) {
          lastWords = line;
        }
      }
    }
  }

  private Run result(int exitCode, boolean timedOut, long millis) {
    String cause = null;
    if (timedOut) {
      cause = "killed since it did not end";
    } else if (exitCode == Run.OUT_OF_MEMORY) {
      int error = lastWords.indexOf("java.lang.");
      cause = "died: " + (error < 0 ? "OutOfMemoryError" : lastWords.substring(error + "java.lang.".length()));
    } else if (exitCode != 0) {
      cause = "died with exit code " + exitCode + ": " + (failure != null ? failure : lastWords);
    }
    return new Run(samples, named, baseBytes, settled, operations, millis, exitCode, cause);
  }
}
