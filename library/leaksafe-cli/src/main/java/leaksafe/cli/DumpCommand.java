package leaksafe.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import leaksafe.heap.OtherVm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The subcommand {@code dump}. */
@Command(
    name = "dump",
    description = "Has a running VM of the same user dump its live objects. It stands still meanwhile, 4 to 9 seconds a gigabyte.",
    mixinStandardHelpOptions = true)
final class DumpCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "PID", description = "The process id of the VM.")
  private long pid;

  @Parameters(index = "1", paramLabel = "FILE", description = "The dump to write; must end with .hprof and not exist yet.")
  @SuppressWarnings("NullAway.Init") // Set by picocli before the command runs.
  private Path file;

  @Override
  public Integer call() throws IOException {
    OtherVm.dump(pid, file);
    return 0;
  }
}
