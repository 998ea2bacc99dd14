package leaksafe.heap.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads another stream in a thread of its own, at most 1 MB ahead, so that unpacking and looking at what was unpacked go on side by side.
 * What the other stream throws is thrown here, after the bytes before it. One reader at a time; the thread ends with the stream or
 * {@link #close}.
 */
final class ReadAhead extends InputStream {
  private static final int PIECE = 1 << 18;
  private static final int PIECES = 4;
  /** Where compressed data is damaged, what was unpacked by the same call is lost. */
  private static final int CALL = 1 << 14;

  /** Bytes, and whether nothing follows them but the failure, if there is one. */
  private record Piece(byte[] bytes, int length, boolean last, @Nullable Throwable failure) {}

  // The queues hand the arrays from one thread to the other: what was done to one before put happens-before what is done after take.
  private final ArrayBlockingQueue<Piece> full = new ArrayBlockingQueue<>(PIECES);
  private final ArrayBlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(PIECES);
  private final Thread thread;
  private Piece current = new Piece(new byte[0], 0, false, null);
  private int at;

  ReadAhead(InputStream in) {
    for (int i = 0; i < PIECES; i++) {
      empty.add(new byte[PIECE]);
    }
    thread = new Thread(null, () -> {
      try (in) {
        boolean more = true;
        while (more) {
          more = fill(in);
        }
      } catch (InterruptedException | IOException e) {
        return; // Closed, or no more than closing failed.
      }
    }, "leaksafe-heap-unpack", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  /** Reads one piece; returns whether there may be more. */
  private boolean fill(InputStream in) throws InterruptedException {
    byte[] bytes = empty.take();
    int length = 0;
    boolean last = false;
    Throwable failure = null;
    try {
      while (length < PIECE && !last) {
        int read = in.read(bytes, length, Math.min(CALL, PIECE - length));
        last = read < 0;
        length += Math.max(0, read);
      }
    } catch (Throwable e) { // Whoever reads has to know of an Error, too.
      failure = e;
    }
    full.put(new Piece(bytes, length, last || failure != null, failure));
    return !last && failure == null;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (at == current.length) {
      if (current.last) {
        return end(current.failure);
      }
      next();
    }
    int count = Math.min(length, current.length - at);
    System.arraycopy(current.bytes, at, bytes, offset, count);
    at += count;
    return count;
  }

  private void next() throws IOException {
    try {
      if (current.bytes.length > 0) {
        empty.put(current.bytes);
      }
      current = full.take();
      at = 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a compressed dump was read");
    }
  }

  private static int end(@Nullable Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    return -1;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
