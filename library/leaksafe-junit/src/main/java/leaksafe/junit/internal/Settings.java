package leaksafe.junit.internal;

import java.util.List;
import leaksafe.junit.LeakFree;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * What the annotation says, checked.
 *
 * @param warmUps rounds before the measurement
 * @param rounds measured rounds
 * @param retainedBytes the budget, or -1
 * @param ignored beginnings of class names
 */
record Settings(int warmUps, int rounds, long retainedBytes, List<String> ignored) {

  static Settings of(LeakFree annotation, String test) {
    check(test, "warmUps", annotation.warmUps(), 1);
    check(test, "rounds", annotation.rounds(), 2);
    check(test, "retainedBytes", annotation.retainedBytes(), -1);
    List<String> ignored = List.of(annotation.ignoredClasses());
    if (ignored.stream().anyMatch(String::isBlank)) {
      throw new ExtensionConfigurationException("@LeakFree on " + test + ": ignoredClasses must not hold a blank name: it would ignore all classes");
    }
    for (String name : ignored) {
      if (name.chars().anyMatch(c -> c == '*' || c == '/' || Character.isWhitespace(c))) {
        throw new ExtensionConfigurationException("@LeakFree on " + test + ": ignoredClasses must hold beginnings of class names, such as "
            + "\"com.acme.metrics.\" or \"com.acme.Order$Line\", but had \"" + name + "\"");
      }
    }
    return new Settings(annotation.warmUps(), annotation.rounds(), annotation.retainedBytes(), ignored);
  }

  private static void check(String test, String name, long value, long least) {
    if (value < least) {
      throw new ExtensionConfigurationException("@LeakFree on " + test + ": " + name + " must be at least " + least + ", but was " + value);
    }
  }

  boolean ignores(String className) {
    return ignored.stream().anyMatch(className::startsWith);
  }
}
