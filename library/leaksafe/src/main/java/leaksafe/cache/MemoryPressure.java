package leaksafe.cache;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import leaksafe.cache.internal.HeapAfterCollection;
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

  private MemoryPressure(Builder builder, double relief, Supplier<HeapUse> heap) {
    this.threshold = builder.threshold;
    this.relief = relief;
    this.least = builder.least;
    this.shrinkBy = builder.shrinkBy;
    this.growBy = builder.growBy;
    this.interval = builder.interval;
    this.heap = heap;
    this.listener = builder.listener;
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

  /** Builds the options. */
  public static final class Builder {
    private static final double GAP = 0.15;

    private double threshold = 0.85;
    private @Nullable Double relief;
    private double least = 0.1;
    private double shrinkBy = 0.25;
    private double growBy = 0.1;
    private Duration interval = Duration.ofSeconds(1);
    private @Nullable Supplier<HeapUse> heap;
    private Consumer<? super PressureStep> listener = step -> { };

    private Builder() {}

    /** Lowers the maximum when more than this share of the heap is in use after a collection: above 0, at most 1; 0.85 unless set. */
    public Builder threshold(double threshold) {
      this.threshold = share(threshold, "threshold");
      return this;
    }

    /** Raises the maximum again when less than this share of the heap is in use: above 0, below the threshold; 0.15 below it unless set. */
    public Builder relief(double relief) {
      this.relief = share(relief, "relief");
      return this;
    }

    /** Never lowers the maximum below this share of what the user set: above 0, at most 1; 0.1 unless set. */
    public Builder least(double least) {
      this.least = share(least, "least");
      return this;
    }

    /** Lowers the maximum by this share of itself in a step: above 0, at most 1; 0.25 unless set. */
    public Builder shrinkBy(double shrinkBy) {
      this.shrinkBy = share(shrinkBy, "shrinkBy");
      return this;
    }

    /** Raises the maximum by this share of what the user set in a step: above 0, at most 1; 0.1 unless set. */
    public Builder growBy(double growBy) {
      this.growBy = share(growBy, "growBy");
      return this;
    }

    /** Looks at the heap so often: at least 1 ms; 1 s unless set. */
    public Builder interval(Duration interval) {
      if (Objects.requireNonNull(interval, "interval").compareTo(Duration.ofMillis(1)) < 0) {
        throw new IllegalArgumentException("interval must be at least PT0.001S, but was " + interval);
      }
      this.interval = interval;
      return this;
    }

    /**
     * Takes the figures from there, for tests or where others know the heap better. Asked on a thread of the common pool, one call at a time for
     * each cache. Unless set, they are what the virtual machine says about the pools of its heap in which objects grow old.
     */
    public Builder heap(Supplier<HeapUse> heap) {
      this.heap = Objects.requireNonNull(heap, "heap");
      return this;
    }

    /** Tells the listener of each step, after it was taken, on a thread of the common pool. */
    public Builder listener(Consumer<? super PressureStep> listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Builds the options.
     *
     * @throws IllegalStateException if the relief is not below the threshold, or if there are no figures: no {@code heap} was set and
     *     the module {@code java.management} is not there
     */
    public MemoryPressure build() {
      double below = relief != null ? relief : Math.max(threshold / 2, threshold - GAP);
      if (below >= threshold) {
        throw new IllegalStateException("relief " + below + " must be below threshold " + threshold
            + ", or the maximum would swing: lower the relief or raise the threshold");
      }
      try {
        return new MemoryPressure(this, below, heap != null ? heap : new HeapAfterCollection());
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
