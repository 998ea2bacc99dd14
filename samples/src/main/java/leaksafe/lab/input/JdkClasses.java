package leaksafe.lab.input;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An endless stream of the classes of the running JDK: after the last one it begins again, as a new round in which every class has
 * a new id, as if the next release had come out. Holds one line and one open file; not safe for use by many threads.
 */
public final class JdkClasses implements AutoCloseable {
  private final Path index;
  private final ModuleFinder finder = ModuleFinder.ofSystem();
  private final Map<String, ModuleReader> readers = new HashMap<>();
  private BufferedReader lines;
  private int round;

  /** Opens the stream over a list that {@link JdkIndex#write} made. */
  public JdkClasses(Path index) throws IOException {
    this.index = index;
    lines = Files.newBufferedReader(index);
  }

  /** Returns the next class. */
  public JdkClass next() throws IOException {
    String line = nextLine();
    int slash = line.indexOf('/');
    String module = line.substring(0, slash);
    String path = line.substring(slash + 1);
    String id = round == 0 ? line : line + "#" + round;
    return new JdkClass(id, module, path, read(module, path));
  }

  private String nextLine() throws IOException {
    String line = lines.readLine();
    if (line != null) {
      return line;
    }
    lines.close();
    lines = Files.newBufferedReader(index);
    round++;
    line = lines.readLine();
    if (line == null) {
      throw new IOException(index + " must list classes, but is empty");
    }
    return line;
  }

  private byte[] read(String module, String path) throws IOException {
    ModuleReader reader = reader(module);
    ByteBuffer buffer = reader.read(path).orElseThrow(() -> new IOException("jrt:/" + module + "/" + path + " is not there"));
    try {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } finally {
      reader.release(buffer);
    }
  }

  private ModuleReader reader(String module) throws IOException {
    @Nullable ModuleReader reader = readers.get(module);
    if (reader == null) {
      reader = finder.find(module).orElseThrow(() -> new IOException("jrt:/" + module + " is not there")).open();
      readers.put(module, reader);
    }
    return reader;
  }

  @Override
  public void close() throws IOException {
    lines.close();
    for (ModuleReader reader : readers.values()) {
      reader.close();
    }
  }
}
