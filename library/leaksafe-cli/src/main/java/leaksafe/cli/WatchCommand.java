package leaksafe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import leaksafe.heap.Growth;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.HeapSummary;
import leaksafe.heap.OtherVm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The subcommand {@code watch}. */
@Command(
    name = "watch",
    description = "Dumps a running VM several times and shows what grew each time. Dumps are deleted. Exit code 1 if anything grew.",
    mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Mixin
  private final Rows rows = new Rows();

  @Parameters(paramLabel = "PID", description = "The process id of the VM.")
  private long pid;

  @Option(names = {"-i", "--interval"}, paramLabel = "SECONDS", description = "Seconds between dumps (default: ${DEFAULT-VALUE}).")
  private long seconds = 60;

  @Option(names = {"-c", "--count"}, description = "How many dumps, at least 2 (default: ${DEFAULT-VALUE}).")
  private int count = 3;

  @Option(names = "--minimum-bytes", paramLabel = "BYTES", description = "Growth below this is noise (default: ${DEFAULT-VALUE}).")
  private long minimumBytes = Growth.DEFAULT_MINIMUM_BYTES;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int top = rows.top();
    Output.atLeast(2, count, "--count");
    Output.atLeast(0, seconds, "--interval");
    Output.atLeast(0, minimumBytes, "--minimum-bytes");
    HeapOptions options = output.options(List.of());
    List<HeapSummary> heaps = new ArrayList<>();
    Path directory = Files.createTempDirectory("leaksafe-watch");
    directory.toFile().deleteOnExit(); // Who ends the watch early leaves no dump behind either.
    try (OtherVm vm = OtherVm.attach(pid)) {
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          TimeUnit.SECONDS.sleep(seconds);
        }
        Path dump = directory.resolve("dump-" + (i + 1) + ".hprof");
        dump.toFile().deleteOnExit();
        try {
          vm.dump(dump);
          heaps.add(HeapDump.open(dump, options).summary());
        } finally {
          Files.deleteIfExists(dump);
        }
      }
    } finally {
      Files.deleteIfExists(directory);
    }
    Growth growth = Growth.between(heaps, minimumBytes);
    output.show(growth.report(top));
    return growth.paths().isEmpty() ? 0 : Main.GREW;
  }
}
