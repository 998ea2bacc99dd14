package leaksafe.watch;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import leaksafe.watch.internal.FootprintWalk;

/**
 * How many bytes objects take with all that they reach, what was counted, and what was not followed. A value: text and numbers alone.
 *
 * <p>Python's pympler has {@code asizeof} for this. Fields of classes that are open to the library are followed, which on the class path are
 * all but those of the JDK. Of the JDK's closed classes, strings, boxes, and the usual collections are known: what they hold is followed,
 * and the bytes of their inner tables and nodes are {@linkplain #estimatedBytes estimated} as if they had grown by themselves. Other closed
 * classes are counted without what they refer to, and named in {@link #closed} with the flag that opens them; {@link #exact} fails where
 * there are such, or estimates.
 *
 * <p>Not followed on purpose, since they are not the object's own ({@link #leftOut}): classes, class loaders, threads, enum constants, and what
 * is referred to weakly, softly or by a phantom.
 *
 * <p><b>Bound.</b> At most {@value #MAXIMUM_OBJECTS} objects; an {@link IllegalStateException} says so if there are more.
 *
 * <p><b>Cost.</b> Some 0.3 us and 40 bytes for each object. No users' code runs. Objects that other threads change meanwhile are seen in one
 * state or another.
 *
 * <p><b>Not promised.</b> The padding of classes with {@code @Contended} fields, of which the JDK has a few; those that are hidden from reflection
 * ({@code Throwable.backtrace}).
 *
 * {@snippet :
 * System.out.println(Footprint.of(session).toText());
 * }
 *
 * @param bytes all bytes, estimates included
 * @param objects how many objects were counted, without inner nodes that are estimated
 * @param estimatedBytes how many of the bytes are an estimate of what cannot be seen inside collections of the JDK
 * @param classes what was counted by class, most bytes first
 * @param leftOut how many objects of each class were met and left out on purpose
 * @param closed for each class that could not be looked into, the flag that opens it
 */
public record Footprint(long bytes, long objects, long estimatedBytes, List<ClassCount> classes, Map<String, Long> leftOut,
    Map<String, String> closed) {
  /** The most objects that are counted. */
  public static final int MAXIMUM_OBJECTS = 50_000_000;

  /** Copies the list and the maps. */
  public Footprint {
    classes = List.copyOf(classes);
    leftOut = Map.copyOf(leftOut);
    closed = Map.copyOf(closed);
  }

  /**
   * Returns what the objects take together: what several reach is counted once. Nulls count nothing.
   *
   * @throws IllegalStateException if they reach more than {@value #MAXIMUM_OBJECTS} objects
   */
  public static Footprint of(Object... objects) {
    return new FootprintWalk(MAXIMUM_OBJECTS).measure(requireNonNull(objects, "objects"));
  }

  /** Returns whether everything was followed and nothing estimated. */
  public boolean isExact() {
    return estimatedBytes == 0 && closed.isEmpty();
  }

  /**
   * Returns this if it is exact.
   *
   * @throws IllegalStateException if it is not, with the flags to start the JVM with
   */
  public Footprint exact() {
    if (!isExact()) {
      throw new IllegalStateException("the footprint is not exact, since " + String.join(", ", new TreeMap<>(closed).keySet())
          + " cannot be looked into: start the JVM with " + flags());
    }
    return this;
  }

  private String flags() {
    return closed.values().stream().distinct().sorted().collect(Collectors.joining(" "));
  }

  /** Returns a table by class, what was left out, and what would make it exact. */
  public String toText() {
    StringBuilder text = new StringBuilder(new HeapSnapshot(false, classes).toText());
    if (estimatedBytes > 0) {
      text.append("of which estimated: ").append(estimatedBytes).append(" bytes\n");
    }
    new TreeMap<>(leftOut).forEach((name, count) -> text.append("left out: ").append(count).append(" x ").append(name).append('\n'));
    if (!closed.isEmpty()) {
      text.append("not looked into: ").append(String.join(", ", new TreeMap<>(closed).keySet())).append("; for that: ").append(flags())
          .append('\n');
    }
    return text.toString();
  }
}
