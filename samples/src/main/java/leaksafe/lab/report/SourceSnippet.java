package leaksafe.lab.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A marked region of a scenario's source, which lies beside its class in the jar. */
final class SourceSnippet {

  private SourceSnippet() {}

  /** Returns the lines between {@code // @start region="NAME"} and {@code // @end} without their common indentation. */
  static String of(Class<?> type, String region) {
    Matcher matcher = Pattern.compile("// @start region=\"" + Pattern.quote(region) + "\"\\R(.*?)\\R *// @end", Pattern.DOTALL).matcher(source(type));
    if (!matcher.find()) {
      throw new IllegalStateException("the source of " + type.getName() + " must mark the region \"" + region + "\"");
    }
    return matcher.group(1).stripIndent().strip();
  }

  private static String source(Class<?> type) {
    String name = type.getSimpleName() + ".java";
    try (InputStream in = type.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " must lie beside the class " + type.getName() + ", but does not");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
