package leaksafe.bench.cache;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A recorded sequence of accesses to a cache: dense ids, numbered by their first appearance.
 *
 * <p>Reads {@code NAME.ids.xz} ("LTR1", then unsigned LEB128 numbers: accesses, distinct ids, and for each access the zigzag
 * difference to the previous id plus one), {@code NAME.txt} (a key a line, whatever the line says; empty lines count for nothing), and the
 * traces that come with Caffeine's simulator, whose format follows from their folder.
 *
 * @param name what it is called
 * @param ids the ids, in the order of the accesses
 * @param distinct how many different ids there are
 */
record Trace(String name, int[] ids, int distinct) {

  /** Where a trace is, and how it is called. */
  record Source(String name, Path path) {}

  /** Lists the traces of a folder or of the simulator's jar, by name, or the one that is at the place. */
  static List<Source> list(Path place) throws IOException {
    boolean folder = !place.toString().endsWith(".jar"); // or a file of its own; the jar has texts that are no traces
    Path root = folder ? place : FileSystems.newFileSystem(place).getPath("/");
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(path -> isOfIds(path) || folder && isOfKeys(path) || isOfSimulator(path))
          .map(path -> new Source(name(path), path))
          .sorted(Comparator.comparing(Source::name))
          .toList();
    }
  }

  private static boolean isOfIds(Path path) {
    return path.toString().endsWith(".ids.xz");
  }

  private static boolean isOfKeys(Path path) {
    return path.toString().endsWith(".txt");
  }

  private static boolean isOfSimulator(Path path) {
    String name = path.toString();
    return (name.endsWith(".xz") || name.endsWith(".gz")) && (name.contains("trace") || name.contains("build-cache"))
        && !name.contains(".weights.") && !name.contains("penalties");
  }

  private static String name(Path path) {
    String file = path.getFileName().toString();
    if (isOfIds(path) || isOfKeys(path)) {
      return file.substring(0, file.length() - (isOfIds(path) ? ".ids.xz" : ".txt").length());
    }
    return path.getParent().getFileName() + "-" + file.replaceFirst("\\.(xz|gz)$", "").replace(".trace", "").replace("trace_", "");
  }

  /** Reads a trace, at most so many accesses of it. */
  static Trace read(Source source, int limit) throws IOException {
    Numbering numbering = new Numbering(limit);
    try (InputStream in = open(source.path())) {
      switch (format(source.path())) {
        case "ids" -> ids(in, numbering);
        case "keys" -> keys(in, numbering);
        case "cache2k", "cloud_physics" -> words(in, numbering, 4);
        case "corda", "scarab" -> words(in, numbering, 8);
        case "address", "adapt_size" -> lines(in, numbering, 1);
        default -> lines(in, numbering, 0);
      }
    }
    return new Trace(source.name(), numbering.ids(), numbering.distinct());
  }

  private static String format(Path path) {
    if (isOfIds(path)) {
      return "ids";
    }
    return isOfKeys(path) ? "keys" : path.getParent().getFileName().toString();
  }

  private static InputStream open(Path path) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    if (isOfKeys(path)) {
      return raw;
    }
    InputStream unpacked = path.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : new XZInputStream(raw);
    return new BufferedInputStream(unpacked, 1 << 16);
  }

  private static void ids(InputStream in, Numbering numbering) throws IOException {
    if (!Arrays.equals(in.readNBytes(4), "LTR1".getBytes(StandardCharsets.US_ASCII))) {
      throw new IOException("a .ids.xz trace must begin with LTR1");
    }
    long accesses = varint(in);
    varint(in); // the distinct ids: the numbering counts them itself
    long id = -1;
    for (long i = 0; i < accesses && !numbering.isFull(); i++) {
      long zigzag = varint(in);
      id = id + 1 + ((zigzag >>> 1) ^ -(zigzag & 1));
      numbering.add(id);
    }
  }

  private static long varint(InputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the trace ends within a number");
      }
      value |= (long) (b & 127) << shift;
      if (b < 128) {
        return value;
      }
    }
  }

  private static void words(InputStream in, Numbering numbering, int bytes) throws IOException {
    DataInputStream data = new DataInputStream(in);
    try {
      while (!numbering.isFull()) {
        numbering.add(bytes == 4 ? (long) data.readInt() : data.readLong());
      }
    } catch (EOFException e) {
      return; // the whole trace
    }
  }

  private static void keys(InputStream in, Numbering numbering) throws IOException {
    // By Latin-1 no two keys become one, whatever encoding they have.
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    for (String line = reader.readLine(); line != null && !numbering.isFull(); line = reader.readLine()) {
      if (!line.isEmpty()) {
        numbering.add(line);
      }
    }
  }

  private static void lines(InputStream in, Numbering numbering, int column) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
    for (String line = reader.readLine(); line != null && !numbering.isFull(); line = reader.readLine()) {
      String[] columns = line.trim().split(" ", column + 2);
      if (columns.length > column && !columns[column].isEmpty() && !columns[column].equals("*")) {
        numbering.add(columns[column]);
      }
    }
  }

  /** Gives each key a number in the order of appearance. */
  private static final class Numbering {
    private final int limit;
    private final Map<Object, Integer> numbers = new HashMap<>();
    private int[] ids = new int[1 << 16];
    private int size;

    Numbering(int limit) {
      this.limit = limit;
    }

    boolean isFull() {
      return size == limit;
    }

    void add(Object key) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, size * 2);
      }
      Integer number = numbers.putIfAbsent(key, numbers.size());
      ids[size++] = number == null ? numbers.size() - 1 : number;
    }

    int[] ids() {
      return Arrays.copyOf(ids, size);
    }

    int distinct() {
      return numbers.size();
    }
  }
}
