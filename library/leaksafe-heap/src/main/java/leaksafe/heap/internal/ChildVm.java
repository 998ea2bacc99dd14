package leaksafe.heap.internal;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.heap.AnalysisVm;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.Report;
import org.jspecify.annotations.Nullable;

/** Dumps this VM and has a child VM, with a heap sized for the dump, answer one question about it. One dump at a time. */
public final class ChildVm {
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();
  private static final long SPARE = 64L << 20;

  private ChildVm() {}

  /** Reads an answer. */
  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  /** Dumps into a fresh directory below the given one and returns the paths of the heap; no file is left. */
  public static PathTable summary(Path directory, long timeoutSeconds) throws IOException, InterruptedException {
    return ask("summary", directory, timeoutSeconds, null, PathTable::read);
  }

  /** Dumps and returns why the object stays. */
  public static Report why(Object target, Path directory, long timeoutSeconds) throws IOException, InterruptedException {
    return ask("why", directory, timeoutSeconds, target, ReportCodec::read);
  }

  /** Dumps and returns the places of those weak references that keep their own referents. */
  public static BitSet selfKeeping(Object[] references, Path directory, long timeoutSeconds) throws IOException, InterruptedException {
    return ask("ephemerons", directory, timeoutSeconds, references, in -> BitSet.valueOf(in.readNBytes(in.readInt())));
  }

  private static <T> T ask(String question, Path directory, long timeoutSeconds, @Nullable Object target, Reader<T> reader)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(directory)) {
      throw new HeapDumpException("there is no directory " + directory + " to dump to", -1);
    }
    ONE_AT_A_TIME.lockInterruptibly();
    try (InspectionFiles files = new InspectionFiles(directory)) {
      dump(files.dump, target, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
      run(question, files, timeoutSeconds);
      try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(files.answer)))) {
        return reader.read(in);
      }
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }

  static void dump(Path file, @Nullable Object target, long usedHeap) throws IOException {
    checkDisk(file, usedHeap);
    Marked.set(target);
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
    } finally {
      Marked.set(null);
    }
  }

  /** Refuses a dump for which there is too little room: its file takes up to one and a half times the heap in use. */
  public static void checkDisk(Path file, long usedHeap) throws IOException {
    long needed = usedHeap / 2 * 3 + SPARE;
    Path parent = file.toAbsolutePath().getParent();
    long free = Files.getFileStore(parent == null ? file : parent).getUsableSpace();
    if (free < needed) {
      throw new HeapDumpException("a dump needs up to " + Sizes.text(needed) + " in " + parent + ", but only " + Sizes.text(free)
          + " are free: name another directory", -1);
    }
  }

  private static void run(String question, InspectionFiles files, long timeoutSeconds) throws IOException, InterruptedException {
    Path dump = files.dump;
    // About 30 bytes an object, and an object takes 40 bytes of a dump on average; small objects only make it 1.2 times the file.
    long heap = Files.size(dump) / 4 * 5 + 2 * SPARE;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(AnalysisVm.options(List.of(dump)));
    command.addAll(List.of("-Xmx" + (heap >> 20) + "m", "-cp", classPath(), ChildMain.class.getName(), question, dump.toString(), files.answer.toString(),
        Long.toString(ProcessHandle.current().pid())));
    Process child = new ProcessBuilder(command)
        .redirectError(files.errors.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    files.startedBy(child);
    try {
      if (!child.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
        throw new HeapDumpException("the analysis took longer than " + timeoutSeconds + " s and was stopped", -1);
      }
    } finally {
      child.destroyForcibly();
    }
    if (child.exitValue() != 0) {
      throw new HeapDumpException("the child VM that analyses the dump failed: " + Files.readString(files.errors).strip(), -1);
    }
  }

  private static String classPath() throws IOException {
    CodeSource source = ChildMain.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new HeapDumpException("the jar of leaksafe-heap is unknown, so no child VM can be started: use HeapDump in this VM", -1);
    }
    try {
      return new File(source.getLocation().toURI()).getPath();
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new IOException("no child VM can be started from " + source.getLocation() + ": use HeapDump in this VM", e);
    }
  }
}
