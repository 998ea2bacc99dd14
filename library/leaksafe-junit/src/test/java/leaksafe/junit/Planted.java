package leaksafe.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs planted leaks, and knows which line is the culprit's. */
final class Planted {
  private static final Path SOURCE = Path.of("src/test/java/leaksafe/junit/PlantedLeaks.java");

  private Planted() {}

  /** Returns the classes with planted leaks in the order of their names. */
  static List<Class<?>> all() {
    return Arrays.stream(PlantedLeaks.class.getDeclaredClasses()).<Class<?>>map(type -> type).sorted(Comparator.comparing(Class::getName)).toList();
  }

  /** Returns the culprit's line as reports write it, such as {@code PlantedLeaks.java:42}. */
  static String line(Class<?> leak) throws IOException {
    List<String> lines = Files.readAllLines(SOURCE);
    int at = 0;
    while (!lines.get(at).contains("class " + leak.getSimpleName() + " {")) {
      at++;
    }
    while (!lines.get(at).contains("// here")) {
      at++;
    }
    return "(PlantedLeaks.java:" + (at + 1) + ")";
  }

  /** Runs all tests of a class, in which {@code @LeakFree} is at work, and returns the messages of the failures. */
  static List<String> failures(Class<?> type) {
    return failures(run(type));
  }

  static List<String> failures(Events events) {
    return events.failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
        .map(thrown -> thrown instanceof AssertionError ? String.valueOf(thrown.getMessage()) : thrown.toString()).toList();
  }

  static Events run(Class<?> type) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(type)).execute().allEvents();
  }
}
