package leaksafe.heap.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.HeapOptions;

/**
 * A dump on disk: its names, stacks and the places of its heap segments, found by one walk over the record headers; then as many passes
 * over the segments as are asked for, by several threads unless the dump is compressed: then one unpacks and one looks. The first pass cuts
 * large segments into pieces, so that later ones can share out a dump that is all one segment.
 */
final class DumpFile {
  private static final String FORMAT = "JAVA PROFILE 1.0";
  private static final int NAME = 1;
  private static final int LOADED_CLASS = 2;
  private static final int FRAME = 4;
  private static final int TRACE = 5;
  private static final int TRACE_HEAD = 12;
  private static final int HEAP = 0x0C;
  private static final int HEAP_SEGMENT = 0x1C;
  private static final int LAST_OLD_TAG = 0x0E;
  private static final int HEAP_END = 0x2C;

  /** Larger segments are cut at the next object, so that threads can share them. */
  private static final long PIECE = 8L << 20;

  /** What two map entries with boxed keys and values take. */
  private static final int LOADED_CLASS_BYTES = 160;

  /** A heap record, or a piece of one that begins with a whole object. */
  private record Segment(long start, long end) {}

  private final Path file;
  private final HeapOptions options;
  private final boolean compressed;
  private List<Segment> segments = new ArrayList<>();
  private long heapBytes;

  final Problems problems = new Problems();
  final MemoryBudget budget;
  final Names names;
  final StackTraces stacks = new StackTraces();
  /** From the id of a class to the id of its name. */
  final Map<Long, Long> classNames = new HashMap<>();
  int idSize = 8;
  /** When the dump was made, in milliseconds since 1970. */
  long time;

  /** Opens the dump and walks over its records. */
  DumpFile(Path file, HeapOptions options, MemoryBudget budget) throws IOException {
    this.file = file;
    this.options = options;
    this.budget = budget;
    names = new Names(budget);
    checkReadable(file);
    compressed = DumpInput.isCompressed(file);
    try (DumpInput in = new DumpInput(file, options.parallelism() > 1)) {
      if (!compressed) {
        in.jumping();
      }
      header(in);
      walk(in);
    }
    if (segments.isEmpty()) {
      problems.add("the dump has no heap records", 0);
    }
  }

  static void checkReadable(Path file) throws HeapDumpException {
    String wrong = file.toString().isEmpty() ? "the name of the dump is empty"
        : Files.isDirectory(file) ? file + " is a directory: name a dump in it"
        : !Files.exists(file) ? "there is no file " + file
        : !Files.isRegularFile(file) ? file + " is no file on disk: a dump is read several times and cannot come through a pipe"
        : !Files.isReadable(file) ? file + " cannot be read: permission denied"
        : null;
    if (wrong != null) {
      throw new HeapDumpException(wrong, -1);
    }
  }

  Path file() {
    return file;
  }

  HeapOptions options() {
    return options;
  }

  /** Returns how many bytes of heap records there are. */
  long heapBytes() {
    return heapBytes;
  }

  private void header(DumpInput in) throws IOException {
    StringBuilder format = new StringBuilder();
    if (in.atEnd()) {
      throw new HeapDumpException(file + " is empty, which is no heap dump: was the disk full when it was made?", -1);
    }
    try {
      for (int c = in.u1(); c != 0; c = in.u1()) {
        if (c < ' ' || c > '~' || format.length() > 30) {
          throw notADump();
        }
        format.append((char) c);
      }
      if (!format.toString().startsWith(FORMAT)) {
        throw notADump();
      }
      idSize = in.i4();
      if (idSize != 4 && idSize != 8) {
        throw new HeapDumpException("the dump says that its ids have " + idSize + " bytes, they must have 4 or 8", in.offset() - 4);
      }
      in.idSize = idSize;
      time = in.i8();
    } catch (DumpInput.Truncated e) {
      if (!FORMAT.startsWith(format.substring(0, Math.min(format.length(), FORMAT.length())))) {
        throw notADump();
      }
      throw new HeapDumpException(file + " is no heap dump: it ends within its header", e.offset);
    }
  }

  private HeapDumpException notADump() {
    return new HeapDumpException(file + " is no heap dump: it does not begin with \"" + FORMAT + "\"", 0);
  }

  private void walk(DumpInput in) throws IOException {
    long record = in.offset();
    boolean inSegments = false;
    boolean ended = false;
    try {
      while (!in.atEnd()) {
        record = in.offset();
        int tag = in.u1();
        in.skip(4);
        long length = in.i4() & 0xFFFF_FFFFL;
        if (!(tag >= NAME && tag <= LAST_OLD_TAG) && tag != HEAP_SEGMENT && tag != HEAP_END) {
          problems.add("a record begins with 0x" + Integer.toHexString(tag) + ", which is no tag; nothing behind it is read", record);
          return;
        }
        long body = in.offset();
        inSegments |= tag == HEAP_SEGMENT;
        ended |= tag == HEAP_END;
        if (tag == HEAP || tag == HEAP_SEGMENT) {
          segment(in, body, length);
        } else {
          record(in, tag, length);
          in.skip(body + length - in.offset());
        }
      }
      if (inSegments && !ended) {
        problems.add("the record that ends a dump in segments is missing: it is cut between two records", in.offset());
      }
    } catch (DumpInput.Truncated e) {
      problems.add("the dump ends in the midst of a record that began at byte " + record + ": it is cut", e.offset);
    }
    String damage = in.damage();
    if (damage != null) {
      problems.add("the compressed data is damaged, what follows is not read: " + damage, in.offset());
    }
  }

  private void segment(DumpInput in, long body, long length) throws IOException {
    long end = body + length;
    // A virtual machine that died while dumping left the length of an old-style heap record at zero.
    if (length == 0 && !in.atEnd() && isObjectTag(in.buffer[in.at])) {
      problems.add("a heap record has no length, the dump was not finished; it is read to the end", body);
      end = in.length() == Long.MAX_VALUE ? Long.MAX_VALUE : in.length();
    }
    if (end > in.length()) {
      problems.add("the last heap record should end at byte " + end + ": the dump is cut", in.length());
      end = in.length();
    }
    if (end > body) {
      segments.add(new Segment(body, end));
      int known = segments.size();
      try {
        in.moveTo(end);
        heapBytes += end - body;
      } catch (DumpInput.Truncated e) {
        segments.set(known - 1, new Segment(body, e.offset));
        heapBytes += e.offset - body;
        throw e;
      }
    }
  }

  private static boolean isObjectTag(int tag) {
    return tag >= 0x20 && tag <= 0x23 || tag == (byte) Roots.UNKNOWN;
  }

  private void record(DumpInput in, int tag, long length) throws IOException {
    switch (tag) {
      case NAME -> {
        long text = length - idSize;
        if (text >= 0 && text <= DumpInput.LONGEST) {
          long id = in.id();
          in.need((int) text);
          names.put(id, in.buffer, in.at, (int) text);
        }
      }
      case LOADED_CLASS -> {
        if (length == 8 + 2L * idSize) {
          int serial = in.i4();
          long id = in.id();
          in.skip(4);
          long name = in.id();
          if (classNames.putIfAbsent(id, name) == null) {
            budget.claim(LOADED_CLASS_BYTES, "the names of classes");
          }
          stacks.className(serial, name);
        }
      }
      case FRAME -> {
        if (length == 8 + 4L * idSize) {
          long id = in.id();
          long method = in.id();
          in.skip(2L * idSize);
          int serial = in.i4();
          stacks.frame(id, method, serial, in.i4());
        }
      }
      case TRACE -> {
        if (length < TRACE_HEAD) {
          return; // To read more than the record has would mean to go back.
        }
        int serial = in.i4();
        in.skip(4);
        int count = in.i4();
        if (count >= 0 && length == TRACE_HEAD + (long) count * idSize && count < 1 << 16) {
          long[] frames = new long[count];
          for (int i = 0; i < count; i++) {
            frames[i] = in.id();
          }
          stacks.trace(serial, frames);
        }
      }
      default -> {}
    }
  }

  /** Shows all heap records to visitors, one per thread, made by the supplier; order between segments only with one thread. */
  void scan(String step, Supplier<? extends HeapVisitor> visitors) throws IOException {
    int threads = compressed ? 1 : Math.min(options.parallelism(), Math.max(1, segments.size()));
    AtomicInteger next = new AtomicInteger();
    AtomicLong done = new AtomicLong();
    Ticks ticks = new Ticks(options.progress(), step, heapBytes);
    List<HeapVisitor> made = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      made.add(visitors.get());
    }
    List<List<Segment>> pieces = new ArrayList<>(Collections.nCopies(segments.size(), List.of()));
    Workers.run(threads, worker -> {
      HeapVisitor visitor = made.get(worker);
      try (DumpInput in = new DumpInput(file, options.parallelism() > 1)) {
        in.idSize = idSize;
        SegmentScanner scanner = new SegmentScanner(in, visitor, problems);
        for (int i = next.getAndIncrement(); i < segments.size(); i = next.getAndIncrement()) {
          pieces.set(i, scan(segments.get(i), scanner, in));
          ticks.at(done.addAndGet(segments.get(i).end() - segments.get(i).start()));
        }
      } catch (DumpInput.Truncated e) {
        problems.add("the dump ended earlier than before: did it change while it was read?", e.offset);
      }
      visitor.done();
    });
    segments = pieces.stream().flatMap(List::stream).toList();
    ticks.end();
  }

  private static List<Segment> scan(Segment segment, SegmentScanner scanner, DumpInput in) throws IOException {
    in.wantedTo(segment.end());
    in.moveTo(segment.start());
    List<Segment> pieces = new ArrayList<>(1);
    long start = segment.start();
    for (long cut : scanner.scan(segment.end(), PIECE)) {
      pieces.add(new Segment(start, cut));
      start = cut;
    }
    pieces.add(new Segment(start, segment.end()));
    return pieces;
  }

  /** Returns the readable name of the class with the given id. */
  String className(long id) {
    Long name = classNames.get(id);
    return name == null ? "unknown class 0x" + Long.toHexString(id) : Types.readable(names.get(name));
  }
}
