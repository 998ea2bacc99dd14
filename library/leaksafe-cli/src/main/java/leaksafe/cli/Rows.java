package leaksafe.cli;

import picocli.CommandLine.Option;

/** The option that cuts tables. */
final class Rows {
  @Option(names = {"-n", "--top"}, description = "How many rows at most (default: ${DEFAULT-VALUE}).")
  private int top = 20;

  int top() {
    return Output.atLeast(1, top, "--top");
  }
}
