package leaksafe.heap;

import java.io.IOException;

/**
 * A dump cannot be analysed: it is not a heap dump, it is damaged before anything useful, or the analysis would need more memory than
 * its budget.
 *
 * <p>Damage behind the first useful record is no exception: what is readable is analysed, and the report says what is missing.
 */
public final class HeapDumpException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The byte of the dump (after decompression) at which the trouble was seen. */
  private final long offset;

  /** Makes an exception about the given byte of the dump; -1 says that it is not about a byte. */
  public HeapDumpException(String message, long offset) {
    super(offset < 0 ? message : message + " (at byte " + offset + ")");
    this.offset = offset;
  }

  /** Makes an exception with its cause that is not about a byte. */
  public HeapDumpException(String message, Throwable cause) {
    super(message, cause);
    offset = -1;
  }

  /** Returns the byte of the dump, after decompression, at which the trouble was seen, or -1. */
  public long offset() {
    return offset;
  }
}
