package leaksafe.lint.internal.load;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
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
      } else {
        readJar(path, units);
      }
    } catch (IOException e) {
      warnings.accept(path + ": cannot be read: " + e);
    }
    if (units.isEmpty()) {
      warnings.accept(path + ": holds no class files");
    }
    return units;
  }

  private void readDirectory(Path root, List<Unit> units) throws IOException {
    Map<String, Unit> classes = new TreeMap<>();
    for (Path file : filesIn(root)) {
      String name = root.relativize(file).toString().replace('\\', '/');
      try {
        if (name.endsWith(".class")) {
          keep(classes, name, new Unit(file.toString(), Files.readAllBytes(file)));
        } else if (name.endsWith(".jar")) {
          readJar(file, units);
        }
      } catch (IOException e) {
        warnings.accept(file + ": cannot be read: " + e);
      }
    }
    units.addAll(classes.values());
  }

  private List<Path> filesIn(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (Files.isRegularFile(file)) {
          files.add(file);
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) {
        warnings.accept(file + ": cannot be read: " + e);
        return FileVisitResult.CONTINUE;
      }
    });
    files.sort(null);
    return files;
  }

  /** Reads a jar by the directory at its end, entry by entry; if that is lost, as far as it goes from its start. */
  private void readJar(Path file, List<Unit> units) throws IOException {
    Archive archive = new Archive(file.toString(), 0);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        try (InputStream in = zip.getInputStream(entry)) {
          archive.take(entry.getName(), in);
        } catch (IOException e) {
          warnings.accept(archive.location(entry.getName()) + ": cannot be read: " + e);
        }
      }
    } catch (IOException e) {
      warnings.accept(file + ": not a whole archive, only its sound start is read: " + e.getMessage());
      archive.takeAll(Files.newInputStream(file));
    }
    archive.addTo(units);
  }

  /** The classes of an archive and of those inside of it, as far as they are read. */
  private final class Archive {
    private final String name;
    private final int depth;
    private final Map<String, Unit> classes = new TreeMap<>();
    private final List<Unit> nested = new ArrayList<>();

    Archive(String name, int depth) {
      this.name = name;
      this.depth = depth;
    }

    String location(String entry) {
      return name + "!/" + entry;
    }

    void take(String entry, InputStream in) throws IOException {
      if (entry.endsWith(".class")) {
        keep(classes, entry, new Unit(location(entry), in.readAllBytes()));
      } else if (isArchive(entry) && depth == DEEPEST_JAR) {
        warnings.accept(location(entry) + ": left out, archives are followed " + DEEPEST_JAR + " deep");
      } else if (isArchive(entry)) {
        Archive inner = new Archive(location(entry), depth + 1);
        if (inner.takeAll(new ByteArrayInputStream(in.readAllBytes())) == 0) {
          warnings.accept(inner.name + ": not an archive, or one without entries");
        }
        inner.addTo(nested);
      }
    }

    /** Takes the entries of a stream up to its end or its first fault, closes it, and returns how many it took. */
    int takeAll(InputStream in) {
      int taken = 0;
      try (ZipInputStream zip = new ZipInputStream(in)) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          take(entry.getName(), zip);
          taken++;
        }
      } catch (IOException | IllegalArgumentException e) {
        warnings.accept(name + ": broken off after " + taken + " entries: " + e);
      }
      return taken;
    }

    void addTo(List<Unit> units) {
      units.addAll(classes.values());
      units.addAll(nested);
    }
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
