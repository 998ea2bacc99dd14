package leaksafe.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said of wrong input: one line with what was given and what would be right. */
final class BadUse {
  private BadUse() {}

  static String text(ParameterException wrong) {
    CommandLine line = wrong.getCommandLine();
    String name = line.getCommandName();
    String more = "; " + line.getCommandSpec().qualifiedName() + " --help says more";
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      String given = unmatched.getUnmatched().get(0);
      if (given.startsWith("-")) {
        return name + " has no option " + given + similar(unmatched) + more;
      }
      if (line.getParent() == null) {
        return "there is no subcommand " + given + similar(unmatched) + more;
      }
      return name + " takes only " + labels(line.getCommandSpec().positionalParameters()) + ", but was given " + given + " too" + more;
    }
    if (wrong instanceof MissingParameterException && !oneLine(wrong).contains("requires at least")) {
      return name + " needs " + labels(line.getCommandSpec().positionalParameters()) + more;
    }
    return oneLine(wrong) + more;
  }

  private static String similar(UnmatchedArgumentException unmatched) {
    List<String> names = unmatched.getSuggestions().stream().map(name -> name.replaceFirst("^leaksafe ", "")).toList();
    return names.isEmpty() ? "" : ", did you mean " + String.join(" or ", names) + "?";
  }

  private static String labels(List<PositionalParamSpec> arguments) {
    return arguments.stream().map(ArgSpec::paramLabel).collect(Collectors.joining(" and "));
  }

  static String text(Throwable failure) {
    return failure instanceof FileSystemException e ? e.getFile() + ": " + reason(e) : oneLine(failure);
  }

  /** Returns what a failure of the file system says apart from the file's name, which alone is no reason. */
  static String reason(Throwable failure) {
    if (failure instanceof FileSystemException e) {
      String reason = e.getReason();
      return reason != null ? reason
          : e instanceof NoSuchFileException ? "there is no such file"
          : e instanceof AccessDeniedException ? "permission denied" : e.getClass().getSimpleName();
    }
    return oneLine(failure);
  }

  private static String oneLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  static int wholeNumber(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw noNumber(text, Integer.MAX_VALUE);
    }
  }

  static long longNumber(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw noNumber(text, Long.MAX_VALUE);
    }
  }

  private static TypeConversionException noNumber(String text, long most) {
    return new TypeConversionException("must be a whole number of at most " + most + ", but was " + text);
  }
}
