package leaksafe.heap;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** How a dump is analysed. Immutable. */
public final class HeapOptions {
  private static final HeapOptions DEFAULTS = builder().build();

  private final Set<ReferenceKind> followed;
  private final int parallelism;
  private final long memoryBudget;
  private final HeapProgress progress;
  private final boolean contents;

  private HeapOptions(Builder builder) {
    followed = Collections.unmodifiableSet(builder.followed);
    parallelism = builder.parallelism;
    memoryBudget = builder.memoryBudget;
    progress = builder.progress;
    contents = builder.contents;
  }

  /** Returns the options of those who set none: soft and final references followed, all processors, all of the heap, no contents. */
  public static HeapOptions defaults() {
    return DEFAULTS;
  }

  /** Returns a new builder that holds the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the kinds of references whose referents count as held. */
  public Set<ReferenceKind> followed() {
    return followed;
  }

  /** Returns how many threads read a dump, at least 1. A compressed dump is unpacked by one and read by another. */
  public int parallelism() {
    return parallelism;
  }

  /** Returns the bytes that the tables of one analysis may take; more is refused with a {@link HeapDumpException}. */
  public long memoryBudget() {
    return memoryBudget;
  }

  /** Returns who is told how far the analysis is. */
  public HeapProgress progress() {
    return progress;
  }

  /** Returns whether contents of strings, names of threads included, may appear in reports. */
  public boolean contents() {
    return contents;
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private Set<ReferenceKind> followed = EnumSet.of(ReferenceKind.SOFT, ReferenceKind.FINAL);
    private int parallelism = Runtime.getRuntime().availableProcessors();
    private long memoryBudget = Runtime.getRuntime().maxMemory() / 16 * 15;
    private HeapProgress progress = HeapProgress.NONE;
    private boolean contents;

    private Builder() {}

    /** Sets the kinds of references whose referents count as held; none means strong references only. */
    public Builder follow(Set<ReferenceKind> kinds) {
      Set<ReferenceKind> copy = EnumSet.noneOf(ReferenceKind.class);
      copy.addAll(Objects.requireNonNull(kinds, "kinds"));
      followed = copy;
      return this;
    }

    /** Sets how many threads read a dump. */
    public Builder parallelism(int threads) {
      if (threads < 1) {
        throw new IllegalArgumentException("parallelism must be at least 1, but was " + threads);
      }
      parallelism = threads;
      return this;
    }

    /** Sets the bytes that the tables of one analysis may take. The default is 15/16 of the largest heap of this VM. */
    public Builder memoryBudget(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("memoryBudget must be at least 1 byte, but was " + bytes);
      }
      memoryBudget = bytes;
      return this;
    }

    /** Sets who is told how far the analysis is. */
    public Builder progress(HeapProgress listener) {
      progress = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /** Sets whether contents of strings, names of threads included, may appear in reports. They may be secrets, so not by default. */
    public Builder contents(boolean shown) {
      contents = shown;
      return this;
    }

    /** Returns the options. */
    public HeapOptions build() {
      return new HeapOptions(this);
    }
  }
}
