package leaksafe.heap.internal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import leaksafe.heap.HeapDumpException;

/** The structural paths of one heap in parallel arrays, parents before children; index 0 is the parent of all roots. */
public final class PathTable {
  private static final int MAGIC = 0x4C534853;
  private static final int MOST = 1 << 26;

  private final String name;
  private final long objects;
  private final List<String> notes;
  final List<String> texts;
  final int[] parents;
  final int[] labels;
  final int[] types;
  final boolean[] classObjects;
  final long[] counts;
  final long[] ownBytes;
  final long[] bytes;

  /** Index 0 of all arrays stands for the roots' common parent. */
  PathTable(
      String name, long objects, List<String> notes, List<String> texts, int[] parents, int[] labels, int[] types, boolean[] classObjects,
      long[] counts, long[] ownBytes, long[] bytes) {
    this.name = name;
    this.objects = objects;
    this.notes = List.copyOf(notes);
    this.texts = texts;
    this.parents = parents;
    this.labels = labels;
    this.types = types;
    this.classObjects = classObjects;
    this.counts = counts;
    this.ownBytes = ownBytes;
    this.bytes = bytes;
  }

  /** Returns what the heap is called: the file name of its dump. */
  public String name() {
    return name;
  }

  /** Returns how many objects are reachable. */
  public long objects() {
    return objects;
  }

  /** Returns what the reachable objects take. */
  public long bytes() {
    return bytes[0];
  }

  /** Returns what was missing in the dump. */
  public List<String> notes() {
    return notes;
  }

  /** Returns how many structural paths there are. */
  public int paths() {
    return parents.length - 1;
  }

  /** Writes the summary, so that a dump need not be kept. */
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(MAGIC);
    out.writeUTF(name);
    out.writeLong(objects);
    out.writeInt(notes.size());
    for (String note : notes) {
      out.writeUTF(note);
    }
    out.writeInt(texts.size());
    for (String text : texts) {
      out.writeUTF(text);
    }
    out.writeInt(parents.length);
    for (int i = 0; i < parents.length; i++) {
      out.writeInt(parents[i]);
      out.writeInt(labels[i]);
      out.writeInt(types[i]);
      out.writeBoolean(classObjects[i]);
      out.writeLong(counts[i]);
      out.writeLong(ownBytes[i]);
      out.writeLong(bytes[i]);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static PathTable read(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new HeapDumpException("this is no heap summary: it does not begin with its mark", 0);
    }
    String name = in.readUTF();
    long objects = in.readLong();
    String[] notes = new String[length(in)];
    for (int i = 0; i < notes.length; i++) {
      notes[i] = in.readUTF();
    }
    String[] texts = new String[length(in)];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = in.readUTF();
    }
    int size = length(in);
    int[] parents = new int[size];
    int[] labels = new int[size];
    int[] types = new int[size];
    boolean[] classObjects = new boolean[size];
    long[] counts = new long[size];
    long[] ownBytes = new long[size];
    long[] bytes = new long[size];
    for (int i = 0; i < size; i++) {
      parents[i] = in.readInt();
      labels[i] = in.readInt();
      types[i] = in.readInt();
      if (i > 0) {
        Objects.checkIndex(parents[i], i);
        Objects.checkIndex(labels[i], texts.length);
        Objects.checkIndex(types[i], texts.length);
      }
      classObjects[i] = in.readBoolean();
      counts[i] = in.readLong();
      ownBytes[i] = in.readLong();
      bytes[i] = in.readLong();
    }
    return new PathTable(name, objects, Arrays.asList(notes), Arrays.asList(texts), parents, labels, types, classObjects, counts, ownBytes, bytes);
  }

  private static int length(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST) {
      throw new HeapDumpException("a heap summary has " + length + " parts, it must have 0 to " + MOST, -1);
    }
    return length;
  }
}
