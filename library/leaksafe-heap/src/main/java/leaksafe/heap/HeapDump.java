package leaksafe.heap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import leaksafe.heap.internal.Analysis;
import leaksafe.heap.internal.Sizes;

/**
 * A heap dump in HPROF format, of any JDK from 8 on, gzipped or not, and the questions that it answers.
 *
 * <p>A dump that is cut or damaged is analysed as far as it is readable; the notes of each report say what is missing. What the dump
 * holds is read when the first question needs it and kept for the next ones: about 20 to 32 bytes an object for paths, 60 for retained
 * sizes, 20 MB altogether for {@link #containers}. Nothing is kept open and no file is written.
 *
 * <p>Sizes are those of HotSpot's layout. Padding around fields that the JDK marks {@code @Contended} is missing, since a dump does not tell of it
 * and it differs between versions: a {@link Thread} of JDK 17, for one, takes 256 bytes more than is said.
 *
 * <p>Not thread-safe. Reading itself uses {@link HeapOptions#parallelism} threads, which end with the call.
 */
public final class HeapDump {
  private final Analysis analysis;

  private HeapDump(Analysis analysis) {
    this.analysis = analysis;
  }

  /** Opens a dump with the default options. */
  public static HeapDump open(Path file) {
    return open(file, HeapOptions.defaults());
  }

  /** Opens a dump. The file is looked at when the first question is asked. */
  public static HeapDump open(Path file, HeapOptions options) {
    return new HeapDump(new Analysis(Objects.requireNonNull(file, "file"), Objects.requireNonNull(options, "options")));
  }

  /**
   * Refuses what no question could be asked of: a file that does not exist, a directory, a pipe (dumps are read several times), a file without
   * permission. Looks at no contents, so that a mistake shows before other dumps have been read.
   */
  public static void checkReadable(Path file) throws HeapDumpException {
    Analysis.checkReadable(file);
  }

  /**
   * Says which structural paths grew over at least two dumps of one program, oldest first; one dump is in memory at a time. That a dump is older
   * than the one before it is in the notes.
   */
  public static Growth growth(List<Path> dumps, HeapOptions options, long minimumBytes) throws IOException {
    for (Path dump : dumps) {
      checkReadable(dump);
    }
    List<HeapSummary> heaps = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    long lastMillis = Long.MIN_VALUE;
    for (Path path : dumps) {
      HeapDump dump = open(path, options);
      heaps.add(dump.summary());
      long millis = dump.analysis.millis();
      if (millis < lastMillis) {
        notes.add(path.getFileName() + " is older than the dump before it: name the oldest first.");
      }
      lastMillis = millis;
    }
    Growth growth = Growth.between(heaps, minimumBytes);
    notes.addAll(growth.notes());
    return new Growth(growth.names(), growth.paths(), growth.reachableBytes(), notes);
  }

  /** Says by how many instances and bytes each class differs between two dumps, largest difference first. */
  public static Report diff(Path older, Path newer, HeapOptions options, int top) throws IOException {
    return ask(() -> Analysis.diff(new Analysis(older, options), new Analysis(newer, options), atLeastOne(top)));
  }

  /** Returns the structural paths of this heap, for a comparison with later ones. */
  public HeapSummary summary() throws IOException {
    return new HeapSummary(askKept(analysis::summary));
  }

  /** Lists the classes whose instances take most, reachable or not. */
  public Report histogram(int top) throws IOException {
    return askKept(() -> analysis.histogram(atLeastOne(top)));
  }

  /**
   * Says what holds the instances of a class, or one object.
   *
   * @param target the name of a class, as in source or as the VM has it (its instances; {@code class:NAME} is the class object), or an object's id in
   *     hexadecimal with {@code 0x}, with its class and {@code @} before it or without
   * @param paths how many shortest paths to show at most; paths share their common beginnings
   * @throws IllegalArgumentException if the dump has no such class or object; the message names similar classes
   */
  public Report why(String target, int paths) throws IOException {
    return askKept(() -> analysis.why(Objects.requireNonNull(target, "target"), atLeastOne(paths)));
  }

  /** Lists what holds most: single objects, classes, structural paths and class loaders by exact retained size, and the dominator tree. */
  public Report retained(int top) throws IOException {
    return askKept(() -> analysis.retained(atLeastOne(top)));
  }

  /** Lists the largest collections with their size, fill, waste and owner; needs little memory whatever the dump. */
  public Report containers(int top) throws IOException {
    return ask(() -> analysis.containers(atLeastOne(top)));
  }

  /**
   * Lists class loaders that were closed or stopped, or whose classes other loaders have too, whether a thread works for them, and what holds
   * each; with several paths for the largest that seem stale.
   */
  public Report loaders(int top) throws IOException {
    return askKept(() -> analysis.loaders(atLeastOne(top)));
  }

  /** Lists entries of weak maps whose value is the only thing that keeps their key: they are never removed. */
  public Report ephemerons(int top) throws IOException {
    return askKept(() -> analysis.ephemerons(atLeastOne(top)));
  }

  /** Lists the strings that are there most often; their contents only if {@link HeapOptions#contents}. */
  public Report strings(int top) throws IOException {
    return askKept(() -> analysis.strings(atLeastOne(top)));
  }

  /** Lists threads with their stacks, what their frames and thread-locals hold; their names only if {@link HeapOptions#contents}. */
  public Report threads(int top) throws IOException {
    return askKept(() -> analysis.threads(atLeastOne(top)));
  }

  /** Asks about what is kept of the dump, which is forgotten if the question needs more than there is. */
  private <T> T askKept(Question<T> question) throws IOException {
    try {
      return ask(question);
    } catch (HeapDumpException e) {
      analysis.forget();
      throw e;
    }
  }

  private interface Question<T> {
    T answer() throws IOException;
  }

  /** The budget counts the large tables; where the rest of the heap is in use, or in pieces, the VM may find no room for them before it does. */
  private static <T> T ask(Question<T> question) throws IOException {
    try {
      return question.answer();
    } catch (OutOfMemoryError e) {
      throw new HeapDumpException("the heap of this VM, at most " + Sizes.text(Runtime.getRuntime().maxMemory())
          + ", is too small for the question: raise its -Xmx, or ask for containers, which need about 50 MB", e);
    }
  }

  private static int atLeastOne(int top) {
    if (top < 1) {
      throw new IllegalArgumentException("the number of rows must be at least 1, but was " + top);
    }
    return top;
  }
}
