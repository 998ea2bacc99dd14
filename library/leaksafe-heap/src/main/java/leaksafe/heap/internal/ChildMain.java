package leaksafe.heap.internal;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import leaksafe.heap.HeapOptions;

/** The main class of the child VM that analyses a dump of its parent: question, dump, where to write the answer, the parent's process id. */
public final class ChildMain {
  private static final int PATHS = 5;

  private ChildMain() {}

  /** Runs one analysis; what goes wrong is one line on the error stream and status 2. Deletes the dump and all beside it if its parent is gone. */
  public static void main(String[] args) throws IOException {
    int code = run(args);
    if (ProcessHandle.of(Long.parseLong(args[3])).isEmpty()) {
      InspectionFiles.delete(Path.of(args[1]));
    }
    System.exit(code);
  }

  private static int run(String[] args) {
    try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(Path.of(args[2]))))) {
      answer(args[0], new Analysis(Path.of(args[1]), HeapOptions.defaults()), out);
      return 0;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      System.err.println(e);
      return 2;
    }
  }

  private static void answer(String question, Analysis analysis, DataOutputStream out) throws IOException {
    switch (question) {
      case "summary" -> analysis.summary().write(out);
      case "ephemerons" -> {
        byte[] places = analysis.selfKeepingMarked().toByteArray();
        out.writeInt(places.length);
        out.write(places);
      }
      case "why" -> ReportCodec.write(analysis.whyMarked(PATHS), out);
      default -> throw new IllegalArgumentException("no such question: " + question);
    }
  }
}
