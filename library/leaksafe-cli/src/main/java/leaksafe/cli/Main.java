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
      "Dumps are read in a Java VM of its own with a heap made for them, up to three quarters of the memory; the lint",
      "runs in one that starts faster, with as much heap as the one that is started. If that one has options, as",
      "java -Xmx8g -jar leaksafe-cli.jar ... has, or the environment gives it some, it does the work itself.",
      "Paths need about 30 bytes an object, retained sizes 60: for a dump of 1 GB about 0.7 and 1.3 GB."
    },
    subcommands = {
      GrowthCommand.class, WhyCommand.class, RetainedCommand.class, ContainersCommand.class, LoadersCommand.class, EphemeronsCommand.class,
      HistogramCommand.class,
      LintCommand.class, DiffCommand.class, StringsCommand.class, ThreadsCommand.class, DumpCommand.class, WatchCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {
  static final int GREW = 1;
  static final int BAD_USE = 2;

  /** Where reports for programs go, in UTF-8 whatever the terminal has. */
  final PrintWriter data;

  private Main(PrintWriter data) {
    this.data = data;
  }

  /** Says which version this is. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"leaksafe " + (version == null ? "(built from source)" : version)};
    }
  }

  /** Runs the command line and ends the VM with its exit code. */
  public static void main(String[] args) {
    // Not even a fault of ours may look like growth, which is what the VM's own exit code would say.
    int code = BAD_USE;
    try {
      code = Launch.run(args);
      if (code < 0) {
        StandardOutput out = new StandardOutput();
        code = out.checked(run(out.text(), out.data(), errors(), args));
      }
    } catch (IOException e) {
      errors().println("leaksafe: " + BadUse.text(e));
      code = BAD_USE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      fault(e, errors());
    } finally {
      System.exit(Launch.isLaunched() ? Launch.coded(code) : code);
    }
  }

  private static PrintWriter errors() {
    return new PrintWriter(System.err, true);
  }

  /** Runs the command line and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return run(out, out, err, args);
  }

  private static int run(PrintWriter out, PrintWriter data, PrintWriter err, String... args) {
    CommandLine line = new CommandLine(new Main(data));
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExpandAtFiles(false);
    line.registerConverter(int.class, BadUse::wholeNumber);
    line.registerConverter(long.class, BadUse::longNumber);
    line.setParameterExceptionHandler((wrong, given) -> {
      err.println("leaksafe: " + BadUse.text(wrong));
      return BAD_USE;
    });
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      if (failure instanceof IOException || failure instanceof IllegalArgumentException) {
        err.println("leaksafe: " + BadUse.text(failure));
      } else {
        fault(failure, err);
      }
      return BAD_USE;
    });
    if (args.length == 0) {
      line.usage(err);
      return BAD_USE;
    }
    try {
      return line.execute(args);
    } catch (Error e) {
      fault(e, err);
      return BAD_USE;
    } finally {
      out.flush();
      data.flush();
    }
  }

  private static void fault(Throwable failure, PrintWriter err) {
    if (failure instanceof OutOfMemoryError) {
      err.println("leaksafe: the heap of this VM is too small for the report: ask for fewer rows, or start it with a larger -Xmx");
      return;
    }
    err.println("leaksafe: this is a fault of leaksafe, please report it:");
    failure.printStackTrace(err);
  }
}
