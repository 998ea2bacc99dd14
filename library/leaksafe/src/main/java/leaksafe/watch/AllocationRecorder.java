package leaksafe.watch;

import java.util.List;
import leaksafe.watch.internal.AllocationStream;
import leaksafe.watch.internal.JvmModules;

/**
 * Records what is allocated, and by which lines, from now until it is closed: Python's {@code tracemalloc} for the JVM, on the streams of the JDK's
 * flight recorder.
 *
 * <p>Allocations are sampled, {@linkplain Builder#samplesPerSecond 150 a second} at most unless told otherwise, and each sample stands for the bytes
 * that its thread allocated since its last one. So what is large or frequent is seen, and what is small and rare may not be. What was
 * allocated appears in {@link #snapshot} about a second later.
 *
 * <p>{@link #alive} answers what of it is still there, and what holds it: from the JVM's samples of old objects, some 256 of all that were
 * allocated since the start.
 *
 * <p><b>Bound.</b> A count for each of {@value Builder#SITES} different classes and stacks, unless told otherwise; what comes beyond is counted
 * together as {@value AllocationSnapshot#OTHER}. Some 1 KB each.
 *
 * <p><b>Cost.</b> A thread that does nothing but allocate took 1 to 7 % more processor time in the median of some runs: see
 * {@code benchmarks/watch.md}. {@link #alive} stops the JVM while it walks the heap: 0.5 s for 80 MB of live
 * objects, 2 to 4 s for 740 MB.
 *
 * <p><b>Lifetime.</b> Close it. If it is dropped instead, the recording ends by itself with the next sample. Its thread is the flight recorder's;
 * while it waits, it holds nothing of this library and no users' class.
 *
 * <p><b>Threads.</b> Safe for use by many threads.
 *
 * <p><b>Not promised.</b> {@link #alive} finds nothing with collectors whose JVM does not support it: Shenandoah, and ZGC but for a few.
 *
 * {@snippet :
 * try (AllocationRecorder recorder = AllocationRecorder.start()) {
 *   AllocationSnapshot before = recorder.snapshot();
 *   handleRequests();
 *   recorder.snapshot().since(before).through("com.acme.").byLine().stream().limit(10).forEach(System.out::println);
 *   recorder.alive().forEach(System.out::println);
 * }
 * }
 */
public final class AllocationRecorder implements AutoCloseable {
  private final AllocationStream stream;

  private AllocationRecorder(Builder builder) {
    stream = AllocationStream.start(builder.sites, builder.frames, builder.samplesPerSecond, builder.oldObjects);
  }

  /**
   * Starts a recorder as it is by default.
   *
   * @throws IllegalStateException if the JVM has no flight recorder, with what is missing
   */
  public static AllocationRecorder start() {
    return builder().start();
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns what was allocated since the start, as far as it is known: the JVM hands samples over about once a second.
   *
   * @throws IllegalStateException if this recorder is closed
   */
  public AllocationSnapshot snapshot() {
    return new AllocationSnapshot(stream.sites());
  }

  /**
   * Returns samples of what was allocated since the start and is still there, with what holds them, oldest first. Stops the JVM: see above.
   *
   * @throws IllegalStateException if this recorder is closed, or was built without {@link Builder#oldObjects}, or the recording could not be read
   */
  public List<LiveObject> alive() {
    return stream.alive();
  }

  /** Ends the recording. Does nothing the second time. */
  @Override
  public void close() {
    stream.close();
  }

  /** Builds recorders. Not safe for use by many threads. */
  public static final class Builder {
    static final int SITES = 4096;

    private int sites = SITES;
    private int frames = 16;
    private int samplesPerSecond = 150;
    private boolean oldObjects = true;

    private Builder() {}

    /**
     * Sets how many different classes and stacks are told apart; {@value #SITES} if it is not set.
     *
     * @param maximum 1 to 1,000,000
     */
    public Builder maximumSites(int maximum) {
      sites = check("maximumSites", maximum, 1_000_000);
      return this;
    }

    /**
     * Sets how many lines of a stack are kept, beginning with the innermost; 16 if it is not set.
     *
     * @param frames 1 to 64, of which the flight recorder keeps 64
     */
    public Builder frames(int frames) {
      this.frames = check("frames", frames, 64);
      return this;
    }

    /**
     * Sets how many allocations are sampled at most; 150 if it is not set.
     *
     * @param samples 1 to 1,000,000
     */
    public Builder samplesPerSecond(int samples) {
      samplesPerSecond = check("samplesPerSecond", samples, 1_000_000);
      return this;
    }

    /** Sets whether {@link AllocationRecorder#alive} can be asked; it can if it is not set. */
    public Builder oldObjects(boolean sampled) {
      oldObjects = sampled;
      return this;
    }

    private static int check(String what, int value, int most) {
      if (value < 1 || value > most) {
        throw new IllegalArgumentException(what + " must be 1 to " + most + ", but was " + value);
      }
      return value;
    }

    /**
     * Starts the recorder.
     *
     * @throws IllegalStateException if the JVM has no flight recorder, with what is missing
     */
    public AllocationRecorder start() {
      if (!JvmModules.hasFlightRecorder()) {
        throw new IllegalStateException(
            "an allocation recorder needs the module jdk.jfr, which this JVM was started without: add --add-modules jdk.jfr");
      }
      return new AllocationRecorder(this);
    }
  }
}
