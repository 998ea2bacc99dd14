package leaksafe.bench.cache;

import java.util.SplittableRandom;

/**
 * Ranks drawn from a Zipf distribution, by the method of Gray et al., "Quickly generating billion-record synthetic databases" (SIGMOD
 * 1994), which is also YCSB's. Rank 0 is drawn most often.
 */
final class Zipf {
  private final long ranks;
  private final double theta;
  private final double zeta;
  private final double alpha;
  private final double eta;
  private final SplittableRandom random;

  Zipf(long ranks, double theta, long seed) {
    this.ranks = ranks;
    this.theta = theta;
    this.random = new SplittableRandom(seed);
    double sum = 0;
    for (long i = 1; i <= ranks; i++) {
      sum += Math.pow(i, -theta);
    }
    zeta = sum;
    alpha = 1 / (1 - theta);
    eta = (1 - Math.pow(2.0 / ranks, 1 - theta)) / (1 - (1 + Math.pow(2, -theta)) / sum);
  }

  long next() {
    double u = random.nextDouble();
    double scaled = u * zeta;
    if (scaled < 1) {
      return 0;
    }
    if (scaled < 1 + Math.pow(0.5, theta)) {
      return 1;
    }
    return Math.min(ranks - 1, (long) (ranks * Math.pow(eta * u - eta + 1, alpha)));
  }

  /** Turns a rank or a counter into a key that looks random: the finalizer of SplitMix64, a bijection. */
  static long scatter(long rank) {
    long z = (rank + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
