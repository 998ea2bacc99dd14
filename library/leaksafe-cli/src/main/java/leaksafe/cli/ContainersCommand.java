package leaksafe.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The subcommand {@code containers}. */
@Command(name = "containers", description = "Lists the largest collections with size, fill, waste and owner, in little memory whatever the dump.", mixinStandardHelpOptions = true)
final class ContainersCommand implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Mixin
  private final Rows rows = new Rows();

  @Parameters(paramLabel = "DUMP", description = "A heap dump in HPROF format, gzipped or not.")
  @SuppressWarnings("NullAway.Init") // Set by picocli before the command runs.
  private Path dump;

  @Override
  public Integer call() throws IOException {
    return output.show(output.open(dump).containers(rows.top()));
  }
}
