package leaksafe.heap.internal;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import leaksafe.heap.HeapDumpException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a dump from any place on, compressed or not, through one buffer that its readers may look into. Not thread-safe: each
 * thread has its own.
 */
final class DumpInput implements Closeable {
  /** The longest piece that can be looked at in the buffer. */
  static final int LONGEST = 1 << 19;

  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** The end of the bytes came in the midst of something. Has no stack: it is control flow. */
  static final class Truncated extends IOException {
    private static final long serialVersionUID = 1L;
    /** Where the bytes ended. */
    final long offset;

    Truncated(long offset) {
      super("the dump ends at byte " + offset);
      this.offset = offset;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private final @Nullable FileChannel channel;
  private final @Nullable InputStream stream;
  private final ByteBuffer view;
  private final long length;

  /** What is read at once: it is still in the processor's cache when it is looked at. */
  private static final int PIECE = 1 << 18;
  private static final int SMALL_PIECE = 1 << 14;

  final byte[] buffer = new byte[2 * LONGEST];
  /** The next byte to read and the end of what is there, in the buffer. */
  int at;
  int end;
  /** Where the buffer begins in the dump. */
  private long base;
  private int piece;
  private @Nullable String damage;
  private long wanted = Long.MAX_VALUE;
  int idSize = 8;

  /** Opens a dump; what is compressed is unpacked in a thread of its own if so wanted. */
  DumpInput(Path file, boolean ahead) throws IOException {
    if (isCompressed(file)) {
      channel = null;
      stream = ahead ? new ReadAhead(unpacking(file)) : unpacking(file);
      length = Long.MAX_VALUE;
      piece = SMALL_PIECE; // Where compressed data is damaged, what was unpacked of the same piece is lost.
    } else {
      channel = FileChannel.open(file);
      stream = null;
      length = channel.size();
      piece = PIECE;
    }
    view = ByteBuffer.wrap(buffer);
  }

  private static InputStream unpacking(Path file) throws IOException {
    InputStream packed = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      return new GZIPInputStream(packed, 1 << 16);
    } catch (EOFException | ZipException e) {
      packed.close();
      throw new HeapDumpException(file + " begins like gzip data, but is no gzip data: " + (e instanceof EOFException ? "it ends within its header" : e.getMessage()), 0);
    }
  }

  static boolean isCompressed(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 0x1F && in.read() == 0x8B;
    }
  }

  /** Returns what is wrong with compressed data that had to end before its end, or null. */
  @Nullable String damage() {
    return damage;
  }

  /** Returns the length in bytes, or Long.MAX_VALUE if it is compressed and thus unknown. */
  long length() {
    return length;
  }

  long offset() {
    return base + at;
  }

  boolean atEnd() throws IOException {
    return at == end && !fill(1);
  }

  /** Makes sure that so many bytes, at most {@link #LONGEST}, can be looked at in the buffer. */
  void need(int bytes) throws IOException {
    if (end - at < bytes && !fill(bytes)) {
      throw new Truncated(base + end);
    }
  }

  private boolean fill(int bytes) throws IOException {
    System.arraycopy(buffer, at, buffer, 0, end - at);
    base += at;
    end -= at;
    at = 0;
    while (end < bytes) {
      int read = readMore();
      if (read < 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  /** Says that jumps will be many, so that little should be read at once. */
  void jumping() {
    piece = SMALL_PIECE;
  }

  /** Says that nothing behind the given place will be read, unless the dump is damaged. */
  void wantedTo(long place) {
    wanted = place;
  }

  private int readMore() throws IOException {
    long left = wanted - base - end;
    int length = Math.min(buffer.length - end, left > 0 ? (int) Math.min(left, piece) : piece);
    if (channel != null) {
      view.limit(end + length).position(end);
      return channel.read(view);
    }
    try {
      return stream == null ? -1 : stream.read(buffer, end, length);
    } catch (EOFException e) {
      return -1; // Compressed data that is cut ends here.
    } catch (ZipException e) {
      damage = e.getMessage();
      return -1;
    }
  }

  int u1() throws IOException {
    need(1);
    return buffer[at++] & 0xFF;
  }

  int u2() throws IOException {
    need(2);
    int value = (buffer[at] & 0xFF) << 8 | buffer[at + 1] & 0xFF;
    at += 2;
    return value;
  }

  int i4() throws IOException {
    need(4);
    int value = intAt(buffer, at);
    at += 4;
    return value;
  }

  long i8() throws IOException {
    need(8);
    long value = longAt(buffer, at);
    at += 8;
    return value;
  }

  long id() throws IOException {
    return idSize == 8 ? i8() : i4() & 0xFFFF_FFFFL;
  }

  /** Returns the id at the given place of the buffer. */
  long idAt(int place) {
    return idSize == 8 ? longAt(buffer, place) : intAt(buffer, place) & 0xFFFF_FFFFL;
  }

  static int intAt(byte[] bytes, int place) {
    return (int) INT.get(bytes, place);
  }

  static long longAt(byte[] bytes, int place) {
    return (long) LONG.get(bytes, place);
  }

  void skip(long bytes) throws IOException {
    if (bytes <= end - at) {
      at += (int) bytes;
      return;
    }
    long target = offset() + bytes;
    if (target > length || target < 0) {
      throw new Truncated(length);
    }
    moveTo(target);
  }

  /** Goes to the given place, which must not be behind us if the dump is compressed. */
  void moveTo(long target) throws IOException {
    if (target >= base && target <= base + end) {
      at = (int) (target - base);
    } else if (channel != null) {
      channel.position(target);
      base = target;
      at = 0;
      end = 0;
    } else {
      while (target > base + end) {
        at = end;
        if (!fill(1)) {
          throw new Truncated(base + end);
        }
      }
      at = (int) (target - base);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
    if (stream != null) {
      stream.close();
    }
  }
}
