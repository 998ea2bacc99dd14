package leaksafe.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import leaksafe.heap.HeapDump;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The subcommand {@code diff}. */
@Command(name = "diff", description = "Lists by how many instances and bytes each class differs between two dumps.", mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Mixin
  private final Rows rows = new Rows();

  @Parameters(index = "0", paramLabel = "OLDER", description = "The older dump.")
  @SuppressWarnings("NullAway.Init") // Set by picocli before the command runs.
  private Path older;

  @Parameters(index = "1", paramLabel = "NEWER", description = "The newer dump.")
  @SuppressWarnings("NullAway.Init") // Set by picocli before the command runs.
  private Path newer;

  @Override
  public Integer call() throws IOException {
    return output.show(HeapDump.diff(older, newer, output.options(List.of(older, newer)), rows.top()));
  }
}
