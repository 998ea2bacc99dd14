package leaksafe.cache;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import leaksafe.cache.internal.HeapAfterCollection;
import leaksafe.internal.Once;
import org.jspecify.annotations.Nullable;

/**
 * When and how a cache, or a {@link Budget}, makes itself smaller because the heap is full, and grows again. Immutable; it may be given to any
 * number of them.
 *
 * <p>Every {@code interval} the heap is looked at. If a collection has been since the last look and left more than {@code threshold} of the
 * heap's maximum in use, the maximum of the cache is lowered by {@code shrinkBy}, at least one unit, and the surplus is evicted; not below
 * {@code least} of what the user set. If less than {@code relief} is in use, after the last collection or right now, the maximum is raised
 * by {@code growBy} of what the user set, up to that. In between it stays as it is. A maximum that the user sets meanwhile is the one to which it
 * grows from then on.
 *
 * <p>Each step is told to the listener, and counted in {@link CachePolicy#pressure}, {@link Budget#stats} and the census.
 *
 * <p><b>Not promised.</b> That no {@link OutOfMemoryError} occurs: what fills the heap may be something else, and a heap may fill
 * between two looks.
 */
public final class MemoryPressure {
  private final double threshold;
  private final double relief;
  private final double least;
  private final double shrinkBy;
  private final double growBy;
  private final Duration interval;
  private final Supplier<HeapUse> heap;
  private final Consumer<? super PressureStep> listener;

  private MemoryPressure(Builder builder, double threshold, double relief, Supplier<HeapUse> heap) {
    this.threshold = threshold;
    this.relief = relief;
    this.least = or(builder.least, 0.1);
    this.shrinkBy = or(builder.shrinkBy, 0.25);
    this.growBy = or(builder.growBy, 0.1);
    this.interval = or(builder.interval, Duration.ofSeconds(1));
    this.heap = heap;
    this.listener = builder.listener != null ? builder.listener : step -> { };
  }

  private static <T> T or(@Nullable T set, T usual) {
    return set != null ? set : usual;
  }

  /** Returns pressure that begins when so much of the heap is in use after a collection, with the usual options else. */
  public static MemoryPressure above(double threshold) {
    return builder().threshold(threshold).build();
  }

  /** Returns a builder with the usual options. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the share of the heap above which the maximum is lowered. */
  public double threshold() {
    return threshold;
  }

  /** Returns the share of the heap below which the maximum is raised again. */
  public double relief() {
    return relief;
  }

  /** Returns the share of the user's maximum below which it is not lowered. */
  public double least() {
    return least;
  }

  /** Returns by which share of itself the maximum is lowered in a step. */
  public double shrinkBy() {
    return shrinkBy;
  }

  /** Returns by which share of the user's maximum it is raised in a step. */
  public double growBy() {
    return growBy;
  }

  /** Returns how often the heap is looked at. */
  public Duration interval() {
    return interval;
  }

  /** Returns where the figures come from. */
  public Supplier<HeapUse> heap() {
    return heap;
  }

  /** Returns who is told of steps. */
  public Consumer<? super PressureStep> listener() {
    return listener;
  }

  /** Returns when it begins and ends. */
  @Override
  public String toString() {
    return "MemoryPressure[above " + threshold + ", relief below " + relief + ", at least " + least + " of the maximum]";
  }

  /** Builds the options. Each may be set once. Not safe for use by many threads. */
  public static final class Builder {
    private static final double GAP = 0.15;

    private @Nullable Double threshold;
    private @Nullable Double relief;
    private @Nullable Double least;
    private @Nullable Double shrinkBy;
    private @Nullable Double growBy;
    private @Nullable Duration interval;
    private @Nullable Supplier<HeapUse> heap;
    private @Nullable Consumer<? super PressureStep> listener;

    private Builder() {}

    /** Lowers the maximum when more than this share of the heap is in use after a collection: above 0, at most 1; 0.85 unless set. */
    public Builder threshold(double threshold) {
      this.threshold = Once.set(this.threshold, share(threshold, "threshold"), "threshold");
      return this;
    }

    /** Raises the maximum again when less than this share of the heap is in use: above 0, below the threshold; 0.15 below it unless set. */
    public Builder relief(double relief) {
      this.relief = Once.set(this.relief, share(relief, "relief"), "relief");
      return this;
    }

    /** Never lowers the maximum below this share of what the user set: above 0, at most 1; 0.1 unless set. */
    public Builder least(double least) {
      this.least = Once.set(this.least, share(least, "least"), "least");
      return this;
    }

    /** Lowers the maximum by this share of itself in a step: above 0, at most 1; 0.25 unless set. */
    public Builder shrinkBy(double shrinkBy) {
      this.shrinkBy = Once.set(this.shrinkBy, share(shrinkBy, "shrinkBy"), "shrinkBy");
      return this;
    }

    /** Raises the maximum by this share of what the user set in a step: above 0, at most 1; 0.1 unless set. */
    public Builder growBy(double growBy) {
      this.growBy = Once.set(this.growBy, share(growBy, "growBy"), "growBy");
      return this;
    }

    /** Looks at the heap so often: at least 1 ms; 1 s unless set. */
    public Builder interval(Duration interval) {
      if (Objects.requireNonNull(interval, "interval").compareTo(Duration.ofMillis(1)) < 0) {
        throw new IllegalArgumentException("interval must be at least PT0.001S, but was " + interval);
      }
      this.interval = Once.set(this.interval, interval, "interval");
      return this;
    }

    /**
     * Takes the figures from there, for tests or where others know the heap better. Asked on a thread of the common pool, one call at a time for
     * each cache. Unless set, they are what the virtual machine says about the pools of its heap in which objects grow old.
     */
    public Builder heap(Supplier<HeapUse> heap) {
      this.heap = Once.set(this.heap, Objects.requireNonNull(heap, "heap"), "heap");
      return this;
    }

    /** Tells the listener of each step, after it was taken, on a thread of the common pool. */
    public Builder listener(Consumer<? super PressureStep> listener) {
      this.listener = Once.set(this.listener, Objects.requireNonNull(listener, "listener"), "listener");
      return this;
    }

    /**
     * Builds the options.
     *
     * @throws IllegalStateException if the relief is not below the threshold, or if there are no figures: no {@code heap} was set and
     *     the module {@code java.management} is not there
     */
    public MemoryPressure build() {
      double above = or(threshold, 0.85);
      double below = or(relief, Math.max(above / 2, above - GAP));
      if (below >= above) {
        throw new IllegalStateException("relief " + below + " must be below threshold " + above
            + ", or the maximum would swing: lower the relief or raise the threshold");
      }
      try {
        return new MemoryPressure(this, above, below, heap != null ? heap : new HeapAfterCollection());
      } catch (NoClassDefFoundError e) {
        throw new IllegalStateException("memory pressure is learned from the module java.management, which is not there: add it, or set heap(…)", e);
      }
    }

    private static double share(double share, String name) {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException(name + " must be above 0 and at most 1, but was " + share);
      }
      return share;
    }
  }
}
