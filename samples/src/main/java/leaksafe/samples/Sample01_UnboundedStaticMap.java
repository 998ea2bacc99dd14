package leaksafe.samples;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.cache.Cache;

/**
 * The leak: a static map that remembers every result for ever. The cure: a cache, which cannot be built without a bound and is never
 * above it.
 *
 * <p>Command: {@code java -cp "samples/target/leak-lab.jar" leaksafe.samples.Sample01_UnboundedStaticMap}
 */
public final class Sample01_UnboundedStaticMap {
  private static final Map<Integer, String> EVER_GROWING = new ConcurrentHashMap<>();
  private static final Cache<Integer, String> BOUNDED = Cache.<Integer, String>builder().name("answers").maximumSize(1_000).build();

  private Sample01_UnboundedStaticMap() {}

  /** Asks a hundred thousand different questions. */
  public static void main(String[] args) {
    for (int i = 0; i < 100_000; i++) {
      EVER_GROWING.computeIfAbsent(i, question -> "answer " + question);
      BOUNDED.get(i, question -> "answer " + question);
    }
    System.out.println("the map holds " + EVER_GROWING.size() + " answers, and will hold more");
    System.out.println("the cache holds " + BOUNDED.estimatedSize() + ", and never more than " + 1_000);
    try {
      Cache.<Integer, String>builder().build();
    } catch (IllegalStateException e) {
      System.out.println("a cache without a bound: " + e.getMessage());
    }
  }
}
