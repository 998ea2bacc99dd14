package leaksafe.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The standard output, with its first failure kept: a report that a full disk cut must not pass for a whole one. Who reads no more of a
 * pipe, as {@code head} does, has all that it wanted. Not thread-safe.
 */
final class StandardOutput extends OutputStream {
  /** What reports draw trees with. */
  private static final String LINES = "└─│…";

  private final OutputStream file;
  private @Nullable IOException failure;

  StandardOutput() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  StandardOutput(OutputStream file) {
    this.file = file;
  }

  /** Returns a writer for people: in the encoding of the system, unless that has no lines for trees, as in a container without a locale. */
  PrintWriter text() {
    return writer(forPeople(Charset.forName(System.getProperty("stdout.encoding", Charset.defaultCharset().name()))));
  }

  static Charset forPeople(Charset system) {
    return system.canEncode() && system.newEncoder().canEncode(LINES) ? system : StandardCharsets.UTF_8;
  }

  /** Returns a writer for programs and browsers, which want UTF-8. */
  PrintWriter data() {
    return writer(StandardCharsets.UTF_8);
  }

  private PrintWriter writer(Charset charset) {
    return new PrintWriter(new OutputStreamWriter(this, charset), false);
  }

  /** Returns the exit code, unless something could not be written; all writers must have been flushed. */
  int checked(int code) throws IOException {
    if (failure == null || "Broken pipe".equals(failure.getMessage())) {
      return code;
    }
    throw new IOException("the report could not be written to the standard output: " + failure.getMessage(), failure);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      file.write(bytes, from, length);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }
}
