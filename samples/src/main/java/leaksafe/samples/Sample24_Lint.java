package leaksafe.samples;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.cache.Cache;
import leaksafe.lint.Finding;
import leaksafe.lint.LeakLint;

/**
 * A review that nobody has to do by hand. The leak: a static map under keys from outside, which nothing removes from. The cure: a
 * {@link Cache} with a maximum; and {@link LeakLint} in a test, which finds the next one in the class files before it ships.
 */
public final class Sample24_Lint {

  private Sample24_Lint() {}

  static final class Leaky {
    private static final Map<String, Integer> LENGTHS = new ConcurrentHashMap<>();

    static int length(String text) {
      return LENGTHS.computeIfAbsent(text, String::length);
    }
  }

  static final class Cured {
    private static final Cache<String, Integer> LENGTHS = Cache.<String, Integer>builder().maximumSize(100).build();

    static int length(String text) {
      return LENGTHS.get(text, String::length);
    }
  }

  /** Prints what the lint says of both. */
  public static void main(String[] args) throws URISyntaxException {
    System.out.println(Leaky.length("leak") + Cured.length("cure") + " letters");
    findings().forEach(System.out::println);
  }

  /** Returns what the lint finds in this class and those nested in it. */
  static List<Finding> findings() throws URISyntaxException {
    Path classes = Path.of(Sample24_Lint.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String own = Sample24_Lint.class.getName();
    return LeakLint.paths(classes).scan().findings().stream().filter(finding -> finding.member().startsWith(own)).toList();
  }
}
