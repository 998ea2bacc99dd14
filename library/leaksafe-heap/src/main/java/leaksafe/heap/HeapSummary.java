package leaksafe.heap;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import leaksafe.heap.internal.PathTable;

/**
 * What growth needs of one heap: its structural paths with counts and bytes, about 50 bytes a path. Holds names only, no object of the
 * heap. Immutable.
 */
public final class HeapSummary {
  private final PathTable table;

  HeapSummary(PathTable table) {
    this.table = table;
  }

  /** Returns what the heap is called: the file name of its dump. */
  public String name() {
    return table.name();
  }

  /** Returns how many objects are reachable. */
  public long objects() {
    return table.objects();
  }

  /** Returns what the reachable objects take. */
  public long bytes() {
    return table.bytes();
  }

  /** Returns what was missing in the dump. */
  public List<String> notes() {
    return table.notes();
  }

  /** Returns how many structural paths there are. */
  public int paths() {
    return table.paths();
  }

  PathTable table() {
    return table;
  }

  /** Writes the summary, so that a dump need not be kept. */
  public void write(DataOutputStream out) throws IOException {
    table.write(out);
  }

  /** Reads what {@link #write} wrote; anything else is refused with a {@link HeapDumpException} or an EOFException. */
  public static HeapSummary read(DataInputStream in) throws IOException {
    return new HeapSummary(PathTable.read(in));
  }
}
