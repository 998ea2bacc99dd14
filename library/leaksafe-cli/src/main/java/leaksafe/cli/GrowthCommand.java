package leaksafe.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import leaksafe.heap.Growth;
import leaksafe.heap.HeapDump;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The subcommand {@code growth}. */
@Command(
    name = "growth",
    description = "Shows which structural paths have more objects in each dump than in the one before. Exit code 1 if any has.",
    mixinStandardHelpOptions = true)
final class GrowthCommand implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Mixin
  private final Rows rows = new Rows();

  @Parameters(arity = "2..*", paramLabel = "DUMP", description = "Two or more dumps of one program, oldest first.")
  private List<Path> dumps = List.of();

  @Option(names = "--minimum-bytes", paramLabel = "BYTES", description = "Growth below this is noise (default: ${DEFAULT-VALUE}).")
  private long minimumBytes = Growth.DEFAULT_MINIMUM_BYTES;

  @Override
  public Integer call() throws IOException {
    int top = rows.top();
    Growth growth = HeapDump.growth(dumps, output.options(dumps), Output.atLeast(0, minimumBytes, "--minimum-bytes"));
    output.show(growth.report(top));
    return growth.paths().isEmpty() ? 0 : Main.GREW;
  }
}
