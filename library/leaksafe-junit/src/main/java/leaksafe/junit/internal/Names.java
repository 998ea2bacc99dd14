package leaksafe.junit.internal;

import java.util.List;
import java.util.regex.Pattern;

/** Whose class it is, by its name. */
final class Names {
  private static final Pattern PLATFORM = Pattern.compile("(?:java|javax|jdk|sun|com\\.sun)\\..*|[a-z]+\\[\\].*"
      + "|leaksafe\\.(?:cache|census|event|internal|junit\\.internal|log|memo|pool|registry|resource|watch)\\..*|leaksafe\\.[A-Z].*");
  private static final List<String> HARNESS = List.of("leaksafe.junit.internal.", "leaksafe.internal.", "leaksafe.Leak", "leaksafe.heap.", "org.junit.",
      "org.opentest4j.", "org.apache.maven.surefire.", "org.gradle.", "worker.org.gradle.", "com.intellij.", "org.eclipse.jdt.internal.");

  private Names() {}

  /** Returns whether it is a class of the JDK or of this library, or an array of those or of primitives. */
  static boolean isOfPlatform(String className) {
    return PLATFORM.matcher(className).matches();
  }

  /** Returns whether it is a class of what runs tests, this module included. */
  static boolean isOfHarness(String className) {
    return HARNESS.stream().anyMatch(className::startsWith);
  }

  /** Returns the name without its package. */
  static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
