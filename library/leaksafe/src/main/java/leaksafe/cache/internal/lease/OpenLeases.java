package leaksafe.cache.internal.lease;

import org.jspecify.annotations.Nullable;

/** All open leases of a cache, spread over stripes by the thread that acquires them. */
final class OpenLeases {
  private final Stripe[] stripes = new Stripe[Integer.highestOneBit(Math.min(64, 4 * Runtime.getRuntime().availableProcessors()))];

  OpenLeases() {
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = new Stripe();
    }
  }

  Stripe own() {
    return stripes[(int) Thread.currentThread().getId() & stripes.length - 1];
  }

  int count() {
    int sum = 0;
    for (Stripe stripe : stripes) {
      sum += stripe.size();
    }
    return sum;
  }

  @Nullable Watch<?, ?> oldest() {
    Watch<?, ?> oldest = null;
    for (Stripe stripe : stripes) {
      Watch<?, ?> watch = stripe.oldest();
      if (watch != null && (oldest == null || watch.since - oldest.since < 0)) {
        oldest = watch;
      }
    }
    return oldest;
  }
}
