package leaksafe.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** The subcommand {@code lint}. What follows it is read by the lint itself, whose own jar has the same options. */
@Command(
    name = "lint",
    customSynopsis = "Usage: leaksafe lint [options] directory-or-jar[:more]...",
    synopsisHeading = "",
    footer = "Without a directory or jar it shows what each option takes.",
    description = "Finds leak patterns in class files; options: --format text|json|sarif|html, --output, --context, --without, --settings, "
        + "--baseline, --update-baseline, --cache, --strict, --notes, --minimum-severity error|warning|info, --explain RULE. Exit code 1 if something fails.",
    mixinStandardHelpOptions = true)
final class LintCommand implements Callable<Integer> {
  @Unmatched
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    return leaksafe.lint.LintCommand.run(arguments.toArray(String[]::new), System.out, System.err);
  }
}
