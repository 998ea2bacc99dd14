package leaksafe.lab.input;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Lists the class files of the running JDK, found through the {@code jrt:/} file system, in a text file.
 *
 * <p>The lab lists them once and its children read the list, since that file system keeps a node for every file that it ever
 * touched: some megabytes, which would blur what the children measure.
 */
public final class JdkIndex {
  private JdkIndex() {}

  /** Writes a line {@code module/path} for every class file, in the order of the file system, and returns how many there are. */
  public static int write(Path file) throws IOException {
    Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    int[] count = {0};
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      Files.walkFileTree(modules, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
          String name = modules.relativize(path).toString();
          if (name.endsWith(".class")) {
            out.write(name);
            out.write('\n');
            count[0]++;
          }
          return FileVisitResult.CONTINUE;
        }
      });
    }
    return count[0];
  }
}
