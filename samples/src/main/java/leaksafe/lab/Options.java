package leaksafe.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the command line asks for.
 *
 * @param action what to do
 * @param scenarios which scenarios to run, in the order of the report
 * @param heapMegabytes the heap of each child
 * @param report where the report goes
 */
record Options(Action action, List<Scenario> scenarios, int heapMegabytes, Path report) {
  static final int LEAST_HEAP = 32;
  static final int LARGEST_HEAP = 1024;
  private static final int USUAL_HEAP = 64;

  static final String HELP = """
      The leak lab: runs each way to leak twice in a small JVM, as people write it and with leaksafe,
      on the classes of this JDK as input, and compares.

      usage: java -jar leak-lab.jar [options]

        --only NAME[,NAME...]  run these scenarios alone (see --list)
        --list                 list the scenarios
        --heap SIZEm           the heap of each JVM, 32m to 1024m (default 64m)
        --out FILE             where the HTML report goes (default leak-lab.html)
        --help                 this text

      exit code: 0 leaksafe held every heap down, 1 it did not in at least one scenario, 2 wrong use
      """;

  /** What to do. */
  enum Action { RUN, LIST, HELP }

  /** A wrong command line; the message says what was given and what would be right. */
  static final class WrongUse extends Exception {
    private static final long serialVersionUID = 1;

    WrongUse(String message) {
      super(message);
    }
  }

  static Options parse(String... args) throws WrongUse {
    List<Scenario> scenarios = Scenarios.ALL;
    int heap = USUAL_HEAP;
    Path report = Path.of("leak-lab.html");
    Action action = Action.RUN;
    for (int i = 0; i < args.length; i++) {
      String name = args[i];
      String value = null;
      int equals = name.indexOf('=');
      if (name.startsWith("--") && equals > 0) {
        value = name.substring(equals + 1);
        name = name.substring(0, equals);
      }
      switch (name) {
        case "--help", "-h" -> action = Action.HELP;
        case "--list" -> action = action == Action.HELP ? action : Action.LIST;
        case "--only", "--heap", "--out" -> {
          if (value == null) {
            if (++i == args.length) {
              throw new WrongUse(name + " needs a value: " + form(name));
            }
            value = args[i];
          }
          switch (name) {
            case "--only" -> scenarios = scenarios(value);
            case "--heap" -> heap = heap(value);
            default -> report = report(value);
          }
        }
        default -> throw new WrongUse("unknown option " + args[i] + "; the options are --only, --list, --heap, --out and --help");
      }
    }
    return new Options(action, scenarios, heap, report);
  }

  private static String form(String option) {
    return switch (option) {
      case "--only" -> "--only NAME[,NAME...]";
      case "--heap" -> "--heap 64m";
      default -> "--out leak-lab.html";
    };
  }

  private static List<Scenario> scenarios(String value) throws WrongUse {
    List<Scenario> chosen = new ArrayList<>();
    for (String name : value.split(",", -1)) {
      chosen.add(Scenarios.named(name.strip()).orElseThrow(() -> new WrongUse("--only must name scenarios, but was '" + value + "'; there are "
          + Scenarios.ALL.stream().map(Scenario::name).collect(Collectors.joining(", ")))));
    }
    return Scenarios.ALL.stream().filter(chosen::contains).toList();
  }

  private static int heap(String value) throws WrongUse {
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.matches("\\d{1,5}m")) {
      int megabytes = Integer.parseInt(lower.substring(0, lower.length() - 1));
      if (megabytes >= LEAST_HEAP && megabytes <= LARGEST_HEAP) {
        return megabytes;
      }
    }
    throw new WrongUse("--heap must be " + LEAST_HEAP + "m to " + LARGEST_HEAP + "m, such as 64m, but was " + value);
  }

  private static Path report(String value) throws WrongUse {
    Path file = Path.of(value).toAbsolutePath();
    Path folder = file.getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)
        || (Files.exists(file) && !Files.isWritable(file))) {
      throw new WrongUse("--out must be a file in a folder that can be written to, but was " + value);
    }
    return Path.of(value);
  }
}
