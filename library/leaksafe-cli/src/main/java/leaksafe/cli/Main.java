package leaksafe.cli;

import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program: {@code java -jar leaksafe-cli.jar growth monday.hprof tuesday.hprof}. */
@Command(
    name = "leaksafe",
    description = "Finds memory leaks: what grew between two heap dumps, why it stays, how much it holds.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nothing grew, or the question was answered", "1:something grew", "2:bad use, or a dump that cannot be read"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  leaksafe dump 4711 monday.hprof            dump the VM with that process id",
      "  leaksafe growth monday.hprof tuesday.hprof which paths grew",
      "  leaksafe why tuesday.hprof com.acme.Order  what holds the orders",
      "  leaksafe containers big.hprof              largest collections and owners, in 64 MB whatever the dump",
      "",
      "Dumps are read in a Java VM of its own with a heap made for them, up to three quarters of the memory,",
      "unless the one that is started has options, as java -Xmx8g -jar leaksafe-cli.jar ... has.",
      "Paths need about 33 bytes an object, retained sizes 80: for a dump of 1 GB about 0.7 and 1.7 GB."
    },
    subcommands = {
      GrowthCommand.class, WhyCommand.class, RetainedCommand.class, ContainersCommand.class, LoadersCommand.class, EphemeronsCommand.class,
      HistogramCommand.class,
      LintCommand.class, DiffCommand.class, StringsCommand.class, ThreadsCommand.class, DumpCommand.class, WatchCommand.class
    })
public final class Main {
  static final int GREW = 1;
  static final int BAD_USE = 2;

  private Main() {}

  /** Says which version this is. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"leaksafe " + (version == null ? "(built from source)" : version)};
    }
  }

  /** Runs the command line and ends the VM with its exit code. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int code = Launch.run(args);
    System.exit(code >= 0 ? code : run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
  }

  /** Runs the command line and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = new CommandLine(new Main());
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      if (failure instanceof IOException || failure instanceof IllegalArgumentException) {
        err.println("leaksafe: " + failure.getMessage());
      } else {
        err.println("leaksafe: this is a fault of leaksafe, please report it:");
        failure.printStackTrace(err);
      }
      return BAD_USE;
    });
    if (args.length == 0) {
      line.usage(err);
      return BAD_USE;
    }
    return line.execute(args);
  }
}
