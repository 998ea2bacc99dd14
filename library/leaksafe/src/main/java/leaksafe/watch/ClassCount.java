package leaksafe.watch;

import java.util.Locale;
import java.util.Objects;

/**
 * How many objects of a class there are, or by how many they changed.
 *
 * @param className the class as Java writes it: {@code com.acme.Order}, {@code byte[]}; hidden classes without their address. Classes of one
 *     name from different loaders are one
 * @param instances objects
 * @param bytes what they take themselves, without what they refer to
 */
public record ClassCount(String className, long instances, long bytes) {

  /** Checks that the name is not null. */
  public ClassCount {
    Objects.requireNonNull(className, "className");
  }

  /** Returns the count as one line. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s: %d instances, %d bytes", className, instances, bytes);
  }
}
