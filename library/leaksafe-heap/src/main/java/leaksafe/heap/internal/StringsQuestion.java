package leaksafe.heap.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.Report;

/**
 * Strings with equal contents. Contents are told apart by a 64-bit hash of their bytes, so two of a billion different strings may count
 * as one; they are read again, for the rows shown, only if the options allow contents in reports.
 */
final class StringsQuestion {
  private static final int SHOWN_BYTES = 160;
  private static final int LONGEST_TABLE = 1 << 30;

  private final HeapGraph graph;
  private final IntTable users;
  private long strings;

  // Open addressing from hash to how many arrays have the contents, and what one takes.
  private long[] hashes = new long[1 << 12];
  private int[] counts = new int[1 << 12];
  private int[] sizes = new int[1 << 12];
  private int used;
  private long claimed;

  StringsQuestion(HeapGraph graph) throws HeapDumpException {
    this.graph = graph;
    users = new IntTable(graph.count + 1, graph.file.budget, "the strings");
  }

  List<Report.Section> sections(int top) throws IOException {
    markArrays();
    scan(() -> new Contents() {
      @Override
      void contents(int array, int type, byte[] bytes, long hash) throws IOException {
        count(hash, graph.size(array));
      }
    });
    PriorityQueue<Integer> best = new PriorityQueue<>(Comparator.comparingLong(this::waste));
    long wasted = 0;
    long distinct = 0;
    for (int slot = 0; slot < counts.length; slot++) {
      distinct += counts[slot] > 0 ? 1 : 0;
      wasted += waste(slot);
      if (counts[slot] > 1) {
        best.add(slot);
        if (best.size() > top) {
          best.poll();
        }
      }
    }
    List<Integer> sorted = new ArrayList<>(best);
    sorted.sort(Comparator.<Integer>comparingLong(this::waste).reversed());
    Map<Long, String> shown = graph.file.options().contents() ? contents(sorted) : Map.of();
    List<List<Object>> rows = new ArrayList<>();
    for (int slot : sorted) {
      rows.add(List.of((long) counts[slot], (long) sizes[slot], waste(slot), shown.getOrDefault(hashes[slot], "(not shown)")));
    }
    users.release(graph.file.budget);
    graph.file.budget.release(claimed);
    claimed = 0;
    return List.of(new Report.Table(
        Sizes.count(strings) + " strings, " + Sizes.count(distinct) + " different contents, " + Sizes.text(wasted) + " for copies",
        List.of(new Report.Column("copies", Report.Unit.COUNT), new Report.Column("bytes each", Report.Unit.BYTES),
            new Report.Column("wasted", Report.Unit.BYTES), new Report.Column("contents", Report.Unit.TEXT)), rows));
  }

  private long waste(int slot) {
    return Math.max(0, counts[slot] - 1L) * sizes[slot];
  }

  private void markArrays() {
    ClassInfo string = graph.classes.named("java.lang.String");
    if (string == null || string.referenceOffsets.length != 1) {
      return;
    }
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    for (long o = 1; o <= graph.count; o++) {
      int object = (int) o;
      if (graph.classOf(object) == string.index) {
        strings++;
        graph.open(object, cursor);
        if (cursor.to > cursor.from && cursor.targets[cursor.from] != 0) {
          users.set(cursor.targets[cursor.from], 1);
        }
      }
    }
  }

  private void scan(Supplier<Contents> visitors) throws IOException {
    graph.file.scan("strings", visitors);
  }

  private synchronized void count(long hash, long size) throws HeapDumpException {
    int mask = hashes.length - 1;
    int slot = IdMap.hash(hash) & mask;
    while (counts[slot] > 0 && hashes[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    hashes[slot] = hash;
    sizes[slot] = (int) Math.min(Integer.MAX_VALUE, size);
    if (counts[slot] == 0 && ++used * 2 > hashes.length) {
      counts[slot] = 1;
      grow();
    } else if (counts[slot] < Integer.MAX_VALUE) {
      counts[slot]++;
    }
  }

  private void grow() throws HeapDumpException {
    long[] oldHashes = hashes;
    int[] oldCounts = counts;
    int[] oldSizes = sizes;
    if (oldHashes.length == LONGEST_TABLE) {
      throw new HeapDumpException("the dump has strings with more than " + LONGEST_TABLE / 2 + " different contents", -1);
    }
    int length = oldHashes.length * 2;
    graph.file.budget.claim(length * 8L, "the contents of strings");
    claimed += length * 8L;
    hashes = new long[length];
    counts = new int[length];
    sizes = new int[length];
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldCounts[i] > 0) {
        int slot = IdMap.hash(oldHashes[i]) & length - 1;
        while (counts[slot] > 0) {
          slot = (slot + 1) & length - 1;
        }
        hashes[slot] = oldHashes[i];
        counts[slot] = oldCounts[i];
        sizes[slot] = oldSizes[i];
      }
    }
  }

  private Map<Long, String> contents(List<Integer> slots) throws IOException {
    Map<Long, String> shown = new HashMap<>();
    slots.forEach(slot -> shown.put(hashes[slot], ""));
    scan(() -> new Contents() {
      @Override
      void contents(int array, int type, byte[] bytes, long hash) {
        synchronized (shown) {
          if (shown.containsKey(hash)) {
            shown.put(hash, text(type, bytes));
          }
        }
      }
    });
    return shown;
  }

  private static String text(int type, byte[] bytes) {
    // Without its coder a string of bytes is taken for Latin-1, unless every other byte is zero.
    boolean wide = type == Types.CHAR || bytes.length >= 4 && bytes.length % 2 == 0 && bytes[1] == 0 && bytes[3] == 0;
    String text = new String(bytes, type == Types.CHAR ? StandardCharsets.UTF_16BE : wide ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1);
    return text.length() <= SHOWN_BYTES ? text : text.substring(0, SHOWN_BYTES) + "…";
  }

  /** Reads the arrays that strings use. Of contents longer than what fits the buffer, the hash covers the beginning and the length. */
  private abstract class Contents extends HeapVisitor {
    abstract void contents(int array, int type, byte[] bytes, long hash) throws IOException;

    @Override
    boolean readsContents() {
      return true;
    }

    @Override
    void primitiveArray(long id, int type, int length, DumpInput in) throws IOException {
      int array = graph.index.ordinal(id);
      if (users.get(array) == 0 || type != Types.BYTE && type != Types.CHAR) {
        return;
      }
      int bytes = (int) Math.min(DumpInput.LONGEST, (long) length * Types.bytes(type));
      in.need(bytes);
      long hash = length * 0x9E3779B97F4A7C15L + type;
      for (int i = in.at; i < in.at + bytes; i++) {
        hash = (hash ^ in.buffer[i]) * 0x100000001B3L;
        hash ^= hash >>> 29;
      }
      contents(array, type, Arrays.copyOfRange(in.buffer, in.at, in.at + Math.min(bytes, 2 * SHOWN_BYTES)), hash);
    }
  }
}
