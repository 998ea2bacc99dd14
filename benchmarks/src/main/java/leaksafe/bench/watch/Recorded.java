package leaksafe.bench.watch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A series that was recorded in a real JVM by {@link RecordSeries}; they are in {@code recorded.csv} beside this class.
 *
 * @param name what grew or did not
 * @param leak whether it was a leak
 * @param values the readings
 */
record Recorded(String name, boolean leak, double[] values) {

  /** Returns all that were recorded. */
  static List<Recorded> all() {
    try (InputStream in = Objects.requireNonNull(Recorded.class.getResourceAsStream("recorded.csv"), "recorded.csv");
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().map(Recorded::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recorded parse(String line) {
    String[] parts = line.split(",");
    return new Recorded(parts[0], Boolean.parseBoolean(parts[1]),
        Arrays.stream(parts).skip(2).mapToDouble(Double::parseDouble).toArray());
  }
}
