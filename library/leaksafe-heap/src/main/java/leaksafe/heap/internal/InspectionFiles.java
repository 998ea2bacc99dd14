package leaksafe.heap.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import leaksafe.heap.HeapDumpException;
import org.jspecify.annotations.Nullable;

/**
 * The files of one inspection, in a directory of their own. All are deleted when this is closed, or when the VM ends before; a VM that is
 * killed leaves that to the child that analyses the dump ({@link #delete(Path)}).
 *
 * <p>The hook is there as long as the inspection and no longer: {@link java.io.File#deleteOnExit} would keep the names of all dumps for ever.
 */
final class InspectionFiles implements AutoCloseable {
  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss", Locale.ROOT);
  private static final int LONGEST_WAIT = 10;
  private static final String ANSWER = "answer";
  private static final String ERRORS = "errors";

  final Path dump;
  final Path answer;
  final Path errors;
  final Thread hook;
  /** Written by the one thread that inspects, read by the hook: a child that it misses finds its files gone, and ends. */
  private volatile @Nullable Process child;

  InspectionFiles(Path parent) throws IOException {
    Path directory = Files.createTempDirectory(parent, "leaksafe-heap");
    // Reports have the name of the dump: what tells two heaps of one program apart is when they were.
    dump = directory.resolve("heap-" + LocalDateTime.now().format(NAME) + ".hprof");
    answer = directory.resolve(ANSWER);
    errors = directory.resolve(ERRORS);
    hook = new Thread(null, this::clear, "leaksafe-heap-exit", 0, false);
    hook.setContextClassLoader(null);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      delete(dump);
      throw new HeapDumpException("this VM is about to end, and its heap is not inspected any more", -1);
    }
  }

  /** Says which process works on the files. */
  void startedBy(Process process) {
    child = process;
  }

  private void clear() {
    try {
      Process process = child;
      if (process != null) {
        process.destroyForcibly().onExit().completeOnTimeout(process, LONGEST_WAIT, TimeUnit.SECONDS).join(); // On Windows it holds its files.
      }
      delete(dump);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // The VM prints what a hook throws.
    }
  }

  /** Deletes a dump, what was written beside it, and their directory. */
  static void delete(Path dump) throws IOException {
    Path directory = dump.resolveSibling("");
    for (Path file : List.of(dump, dump.resolveSibling(ANSWER), dump.resolveSibling(ERRORS), directory)) {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The VM is ending, and the hook does it.
    }
    delete(dump);
  }
}
