package leaksafe.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The subcommand {@code retained}. */
@Command(name = "retained", description = "Lists what holds most, by exact retained size: objects, classes, paths, class loaders; and the dominator tree.", mixinStandardHelpOptions = true)
final class RetainedCommand implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Mixin
  private final Rows rows = new Rows();

  @Parameters(paramLabel = "DUMP", description = "A heap dump in HPROF format, gzipped or not.")
  @SuppressWarnings("NullAway.Init") // Set by picocli before the command runs.
  private Path dump;

  @Override
  public Integer call() throws IOException {
    return output.show(output.open(dump).retained(rows.top()));
  }
}
