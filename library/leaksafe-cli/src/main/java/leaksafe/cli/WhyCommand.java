package leaksafe.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The subcommand {@code why}. */
@Command(name = "why", description = "Shows the shortest paths from the roots to the instances of a class, or to one object.", mixinStandardHelpOptions = true)
final class WhyCommand implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Parameters(index = "0", paramLabel = "DUMP", description = "A heap dump in HPROF format, gzipped or not.")
  @SuppressWarnings("NullAway.Init") // Set by picocli before the command runs.
  private Path dump;

  @Parameters(index = "1", paramLabel = "CLASS|ID", description = "A class by its full name (class:NAME for the class object), or an object as 0x and its id, with or without its class and @ before.")
  @SuppressWarnings("NullAway.Init") // Set by picocli before the command runs.
  private String target;

  @Option(names = {"-p", "--paths", "-n", "--top"}, description = "How many paths at most (default: ${DEFAULT-VALUE}).")
  private int paths = 5;

  @Override
  public Integer call() throws IOException {
    return output.show(output.open(dump).why(target, Output.atLeast(1, paths, "--paths")));
  }
}
