package leaksafe.bench.heap;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * Makes of a dump one as JDK 8 writes them, with all objects in one segment: {@code OneSegment FROM.hprof TO.hprof}, or {@code TO.hprof.gz}
 * for a compressed one. The objects must take less than 4 GB.
 */
public final class OneSegment {
  private static final int HEAP = 0x0C;
  private static final int HEAP_SEGMENT = 0x1C;
  private static final int HEAP_END = 0x2C;

  private OneSegment() {}

  /** Makes the dump. */
  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    OutputStream file = Files.newOutputStream(Path.of(args[1]));
    try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(args[1].endsWith(".gz") ? new GZIPOutputStream(file) : file, 1 << 16))) {
      long bytes = copy(from, out, false);
      out.writeByte(HEAP);
      out.writeInt(0);
      out.writeInt((int) bytes);
      copy(from, out, true);
    }
  }

  /** Copies the bodies of heap segments, or the header and all other records; returns what the heap segments have in all. */
  private static long copy(Path from, DataOutputStream out, boolean segments) throws IOException {
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(from), 1 << 16))) {
      byte[] header = in.readNBytes("JAVA PROFILE 1.0.2".length() + 1 + 4 + 8);
      if (!segments) {
        out.write(header);
      }
      long bytes = 0;
      for (int tag = in.read(); tag >= 0; tag = in.read()) {
        int time = in.readInt();
        int length = in.readInt();
        byte[] body = in.readNBytes(length);
        boolean isSegment = tag == HEAP_SEGMENT;
        bytes += isSegment ? length : 0;
        if (isSegment && segments) {
          out.write(body);
        } else if (!isSegment && !segments && tag != HEAP_END) {
          out.writeByte(tag);
          out.writeInt(time);
          out.writeInt(length);
          out.write(body);
        }
      }
      return bytes;
    }
  }
}
