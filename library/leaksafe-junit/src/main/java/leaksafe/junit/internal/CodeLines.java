package leaksafe.junit.internal;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lines at which classes are instantiated and fields are used, from the class files of the directories and jars that the classes in question
 * come from. The JVM does not know who made an object; the code does.
 */
final class CodeLines {
  private static final int MOST_FILES = 20_000;

  private final Set<Path> sources = new LinkedHashSet<>();
  private final @Nullable ClassLoader loader;

  /** Looks where the test is from. */
  CodeLines(Class<?> test) {
    loader = test.getClassLoader();
    add(test);
  }

  /** Looks where a class is from, too, if it can be found. */
  void addSourceOf(String className) {
    try {
      add(Class.forName(className, false, loader));
    } catch (ClassNotFoundException | LinkageError e) {
      // a class of another loader, or a name that is none: its lines stay unknown
    }
  }

  private void add(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source != null && source.getLocation() != null && "file".equals(source.getLocation().getProtocol())) {
      try {
        sources.add(new File(source.getLocation().toURI()).toPath());
      } catch (URISyntaxException | IllegalArgumentException e) {
        // no file: its lines stay unknown
      }
    }
  }

  /** Returns up to so many lines that create instances of one of the classes; a class of lambdas is created where its class makes lambdas. */
  List<String> creating(Collection<String> classNames, int most) {
    return find(most, new Finder() {
      @Override
      public void creates(String className, ClassFileReader.Place place) {
        if (classNames.contains(className) && !Names.isOfPlatform(place.className())) {
          found.add(place.toString());
        }
      }

      @Override
      public void makesLambda(ClassFileReader.Place place) {
        if (classNames.contains(place.className() + "$$Lambda")) {
          found.add(place.toString());
        }
      }
    });
  }

  /** Returns up to so many lines that use a field of a class with this name, full or simple. */
  List<String> using(String owner, String field, int most) {
    return find(most, new Finder() {
      @Override
      public void usesField(String className, String name, ClassFileReader.Place place) {
        // The initialisation of the field itself says nothing.
        if (name.equals(field) && isNamed(className, owner) && !Names.isOfPlatform(place.className()) && !place.method().equals("<clinit>")
            && !(place.method().equals("<init>") && place.className().equals(className))) {
          found.add(place.toString());
        }
      }
    });
  }

  private static boolean isNamed(String className, String owner) {
    return className.equals(owner) || className.endsWith("." + owner) || className.replace('$', '.').endsWith("." + owner.replace('$', '.'));
  }

  private abstract static class Finder implements ClassFileReader.Visitor {
    final Set<String> found = new LinkedHashSet<>();

    @Override
    public void creates(String className, ClassFileReader.Place place) {}

    @Override
    public void usesField(String className, String field, ClassFileReader.Place place) {}

    @Override
    public void makesLambda(ClassFileReader.Place place) {}
  }

  private List<String> find(int most, Finder finder) {
    for (Path source : sources) {
      try {
        if (Files.isDirectory(source)) {
          readDirectory(source, finder);
        } else if (source.toString().endsWith(".jar")) {
          readJar(source, finder);
        }
      } catch (IOException e) {
        // what cannot be read has no lines
      }
    }
    List<String> sorted = new ArrayList<>(finder.found);
    sorted.sort(null);
    return sorted.size() <= most ? sorted : sorted.subList(0, most);
  }

  private static void readDirectory(Path directory, Finder finder) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.filter(file -> file.toString().endsWith(".class")).limit(MOST_FILES).toList();
    }
    for (Path file : files) {
      read(Files.readAllBytes(file), finder);
    }
  }

  private static void readJar(Path path, Finder finder) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      for (JarEntry entry : jar.stream().filter(one -> one.getName().endsWith(".class")).limit(MOST_FILES).toList()) {
        read(jar.getInputStream(entry).readAllBytes(), finder);
      }
    }
  }

  private static void read(byte[] bytes, Finder finder) {
    try {
      ClassFileReader.read(bytes, finder);
    } catch (IOException e) {
      // one damaged class file is no reason to say nothing of the others
    }
  }
}
