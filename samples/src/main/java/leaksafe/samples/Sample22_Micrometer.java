package leaksafe.samples;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import leaksafe.cache.Cache;
import leaksafe.micrometer.LeaksafeMetrics;
import leaksafe.pool.Pool;

/** Meters of all containers, those that will be made included, by one line. A dashboard for Grafana is in the artifact. */
public final class Sample22_Micrometer {

  private Sample22_Micrometer() {}

  /** Prints the meters. */
  public static void main(String[] args) {
    SimpleMeterRegistry registry = new SimpleMeterRegistry(); // in production that of Prometheus, say
    Cache<Integer, String> orders = Cache.<Integer, String>builder().name("orders").maximumSize(100).recordStats().build();
    for (int i = 0; i < 150; i++) {
      orders.get(i, key -> "order " + key);
    }
    orders.getIfPresent(149);
    try (Pool<StringBuilder> pool = Pool.<StringBuilder>builder(StringBuilder::new).name("builders").size(1, 4).build()) {
      new LeaksafeMetrics().bindTo(registry);
      for (Meter meter : registry.getMeters()) {
        meter.measure().forEach(m -> System.out.println("  " + meter.getId().getName() + meter.getId().getTags() + " = " + m.getValue()));
      }
      System.out.println("and the pool has " + pool.stats().idle() + " idle");
    }
    System.out.println("and the cache has " + orders.estimatedSize() + " entries");
  }
}
