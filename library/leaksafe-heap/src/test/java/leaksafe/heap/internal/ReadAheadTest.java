package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  /** Ends with what it is told to throw, and says when it is closed. */
  private static final class Source extends InputStream {
    private final ByteArrayInputStream bytes;
    private final Throwable end;
    final CountDownLatch closed = new CountDownLatch(1);

    Source(byte[] bytes, Throwable end) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.end = end;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = bytes.read(into, offset, length);
      if (read < 0 && end instanceof IOException e) {
        throw e;
      }
      if (read < 0 && end instanceof Error e) {
        throw e;
      }
      return read;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void bytes_come_in_order_whatever_the_pieces() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] bytes = new byte[3_000_000 + random.nextInt(1000)];
    random.nextBytes(bytes);
    Source source = new Source(bytes, null);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream in = new ReadAhead(source)) {
      byte[] piece = new byte[400_000];
      for (int read = 0; read >= 0; read = in.read(piece, 7, 1 + random.nextInt(piece.length - 7))) {
        out.write(piece, 7, read);
        if (random.nextInt(10) == 0) {
          int one = in.read();
          if (one >= 0) {
            out.write(one);
          }
        }
      }
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(out.toByteArray()).as("seed " + seed).isEqualTo(bytes);
    assertThat(source.closed.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_failure_comes_after_the_bytes_before_it_and_again() throws Exception {
    for (Throwable failure : new Throwable[] {new ZipException("damaged"), new AssertionError("an error")}) {
      byte[] bytes = new byte[300_000];
      try (InputStream in = new ReadAhead(new Source(bytes, failure))) {
        assertThat(in.readNBytes(bytes.length)).hasSize(bytes.length);
        assertThatThrownBy(in::read).isSameAs(failure);
        assertThatThrownBy(in::read).isSameAs(failure);
      }
    }
  }

  @Test
  void closing_ends_the_thread_in_the_midst() throws Exception {
    Source source = new Source(new byte[10_000_000], null);
    InputStream in = new ReadAhead(source);
    assertThat(in.read()).isZero();
    assertThat(source.closed.getCount()).isEqualTo(1);
    in.close();
    assertThat(source.closed.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_reader_can_be_interrupted() {
    CountDownLatch never = new CountDownLatch(1);
    InputStream stuck = new InputStream() {
      @Override
      public int read() throws IOException {
        try {
          never.await();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
        return -1;
      }
    };
    InputStream in = new ReadAhead(stuck);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(in::read).isInstanceOf(InterruptedIOException.class).hasMessageContaining("compressed dump");
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      never.countDown();
    }
  }
}
