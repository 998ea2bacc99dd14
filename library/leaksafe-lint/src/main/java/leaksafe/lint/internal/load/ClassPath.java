package leaksafe.lint.internal.load;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Reads class files from directories, jars and jars inside of jars, in a fixed order. What cannot be read is told by name and left out.
 * Of a multi-release jar it takes the newest version of each class.
 */
public final class ClassPath {
  private static final String VERSIONS = "META-INF/versions/";
  private static final int DEEPEST_JAR = 4;

  /** A class file's bytes and where they are. */
  public record Unit(String location, byte[] bytes) {}

  private final Consumer<String> warnings;

  public ClassPath(Consumer<String> warnings) {
    this.warnings = warnings;
  }

  /** Returns the class files under a directory or in a jar; or the one file that the path names. */
  public List<Unit> read(Path path) {
    List<Unit> units = new ArrayList<>();
    try {
      if (Files.isDirectory(path)) {
        readDirectory(path, units);
      } else if (path.toString().endsWith(".class")) {
        units.add(new Unit(path.toString(), Files.readAllBytes(path)));
      } else if (Files.exists(path)) {
        try (InputStream in = Files.newInputStream(path)) {
          readJar(path.toString(), in, 0, units);
        }
      } else {
        warnings.accept(path + ": does not exist");
      }
    } catch (IOException | IllegalArgumentException e) {
      warnings.accept(path + ": cannot be read: " + e);
    }
    if (units.isEmpty()) {
      warnings.accept(path + ": holds no class files");
    }
    return units;
  }

  private void readDirectory(Path root, List<Unit> units) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    Map<String, Unit> classes = new TreeMap<>();
    for (Path file : files) {
      String name = root.relativize(file).toString().replace('\\', '/');
      if (name.endsWith(".class")) {
        keep(classes, name, new Unit(file.toString(), Files.readAllBytes(file)));
      } else if (name.endsWith(".jar")) {
        try (InputStream in = Files.newInputStream(file)) {
          readJar(file.toString(), in, 0, units);
        }
      }
    }
    units.addAll(classes.values());
  }

  private void readJar(String name, InputStream in, int depth, List<Unit> units) {
    Map<String, Unit> classes = new TreeMap<>();
    List<Unit> nested = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String location = name + "!/" + entry.getName();
        if (entry.getName().endsWith(".class")) {
          keep(classes, entry.getName(), new Unit(location, zip.readAllBytes()));
        } else if (isArchive(entry.getName()) && depth == DEEPEST_JAR) {
          warnings.accept(location + ": left out, archives are followed " + DEEPEST_JAR + " deep");
        } else if (isArchive(entry.getName())) {
          readJar(location, new ByteArrayInputStream(zip.readAllBytes()), depth + 1, nested);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      warnings.accept(name + ": broken off: " + e);
    }
    units.addAll(classes.values());
    units.addAll(nested);
  }

  private static boolean isArchive(String name) {
    return name.endsWith(".jar") || name.endsWith(".war");
  }

  private static void keep(Map<String, Unit> classes, String name, Unit unit) {
    int slash = name.indexOf('/', VERSIONS.length());
    boolean versioned = name.startsWith(VERSIONS) && slash > 0;
    String plain = versioned ? name.substring(slash + 1) : name;
    if (plain.startsWith("META-INF/") || plain.endsWith("module-info.class") || plain.endsWith("package-info.class")) {
      return;
    }
    Unit known = classes.get(plain);
    if (known == null || version(unit.location) > version(known.location)) {
      classes.put(plain, unit);
    }
  }

  private static int version(String location) {
    int at = location.lastIndexOf(VERSIONS);
    if (at < 0) {
      return 0;
    }
    int start = at + VERSIONS.length();
    try {
      return Integer.parseInt(location.substring(start, location.indexOf('/', start)));
    } catch (NumberFormatException notAVersion) {
      return 0;
    }
  }
}
