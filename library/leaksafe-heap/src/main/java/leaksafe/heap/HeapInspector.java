package leaksafe.heap;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Objects;
import leaksafe.heap.internal.ChildVm;

/**
 * Inspects the heap of this very VM: dumps it after checking that the disk has room, analyses the dump in a child VM with a heap of its
 * own, deletes the dump and returns the result. The VM stands still while it dumps, 4 to 9 seconds a gigabyte, not while it is analysed.
 * A VM that ends during an inspection deletes the dump before; of one that is killed the child deletes it, unless the kill came while the
 * dump was written.
 *
 * <p>Thread-safe; inspections wait for each other. Where the platform's diagnostic bean is missing or there is no {@code java} beside
 * this VM it fails with an IOException.
 */
public final class HeapInspector {
  private final Path directory;
  private final Duration timeout;

  /** Makes an inspector that dumps to the system's directory for temporary files and gives an analysis ten minutes. */
  public HeapInspector() {
    this(Path.of(System.getProperty("java.io.tmpdir")), Duration.ofMinutes(10));
  }

  /** Makes an inspector that dumps to the given directory and stops an analysis after the given time, at least one second. */
  public HeapInspector(Path directory, Duration timeout) {
    this.directory = Objects.requireNonNull(directory, "directory");
    if (timeout.toSeconds() < 1) {
      throw new IllegalArgumentException("timeout must be at least 1 s, but was " + timeout);
    }
    this.timeout = timeout;
  }

  /** Returns the structural paths of the heap as it is now, live objects only. */
  public HeapSummary inspect() throws IOException, InterruptedException {
    return new HeapSummary(ChildVm.summary(directory, timeout.toSeconds()));
  }

  /**
   * Returns the places of those references that keep their own referents: weak references with a value in a field, through which, and
   * through others like it, alone the referent can be reached. Weak maps never remove such entries by themselves.
   *
   * <p>To have a registry of leaksafe look for such entries and remove them, write
   * {@code registry.repair(new HeapInspector()::selfKeeping, (key, value) -> {})}.
   *
   * @param references objects of subclasses of {@link java.lang.ref.WeakReference}, all held until this returns; others are never found
   */
  public BitSet selfKeeping(Object[] references) throws IOException, InterruptedException {
    if (references.length == 0) {
      return new BitSet();
    }
    return ChildVm.selfKeeping(references, directory, timeout.toSeconds());
  }

  /** Returns what holds the object now; the reference from the caller's frame is among it. */
  public Report why(Object object) throws IOException, InterruptedException {
    return ChildVm.why(Objects.requireNonNull(object, "object"), directory, timeout.toSeconds());
  }
}
