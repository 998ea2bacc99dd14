package leaksafe.stress;

import java.time.Duration;
import leaksafe.Lease;
import leaksafe.pool.Pool;

/** A pool of one object, and the lease of the first who holds it. */
final class OnlyObject {
  private static final Duration LONG = Duration.ofSeconds(2);

  final Pool<int[]> pool = Pool.<int[]>builder(() -> new int[1]).size(0, 1).sampleSites(0).build();
  final Lease<int[]> first = acquire();

  /** Waits for the object, for two seconds at most. */
  Lease<int[]> acquire() {
    try {
      return pool.acquire(LONG);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
