package leaksafe.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import leaksafe.heap.internal.GrowthQuestion;
import leaksafe.heap.internal.Sizes;

/**
 * Which structural paths grew over two or more heaps of one program, largest growth in bytes first.
 *
 * <p>A path is listed if its objects became more (or its arrays longer) from each heap to the next, and if with all below it grew by at
 * least the given bytes; sixteen times that below a class that the first heap had not loaded yet, since late classes bring their caches.
 * It is left out only if an ancestor that is listed grew by at least half as many objects: so one leak is one row, and a large leak
 * never hides under a small growth above it. Classes are compared by name.
 *
 * @param names what the heaps are called, oldest first
 * @param paths the paths that grew
 * @param reachableBytes what was reachable in each heap
 * @param notes what was missing in damaged dumps, and which were not in order
 */
public record Growth(List<String> names, List<GrownPath> paths, List<Long> reachableBytes, List<String> notes) {
  /** The growth in bytes under which a path is noise unless said otherwise: 32 kB. */
  public static final long DEFAULT_MINIMUM_BYTES = 32 * 1024;

  /** Copies the lists. */
  public Growth {
    names = List.copyOf(names);
    paths = List.copyOf(paths);
    reachableBytes = List.copyOf(reachableBytes);
    notes = List.copyOf(notes);
  }

  /** Compares at least two heaps of one program, oldest first, in time proportional to their paths. */
  public static Growth between(List<HeapSummary> heaps, long minimumBytes) {
    Objects.requireNonNull(heaps, "heaps");
    if (heaps.size() < 2) {
      throw new IllegalArgumentException("growth needs at least 2 heaps, but got " + heaps.size() + ": take another dump later");
    }
    if (minimumBytes < 0) {
      throw new IllegalArgumentException("minimumBytes must be at least 0, but was " + minimumBytes);
    }
    return GrowthQuestion.between(heaps.stream().map(HeapSummary::table).toList(), minimumBytes);
  }

  /** Returns the growth as a report with so many rows at most. */
  public Report report(int top) {
    List<List<Object>> rows = new ArrayList<>();
    for (GrownPath path : paths.subList(0, Math.min(top, paths.size()))) {
      rows.add(List.of(path.grownBy(), path.grownBytes(), path.counts().get(path.counts().size() - 1), path.bytes(), path.path()));
    }
    List<String> lines = new ArrayList<>(notes);
    long first = reachableBytes.get(0);
    long last = reachableBytes.get(reachableBytes.size() - 1);
    lines.add("Reachable: " + Sizes.text(first) + " at first, " + Sizes.text(last) + " at last. "
        + (paths.isEmpty() ? "Nothing grew." : paths.size() == 1 ? "One path grew." : paths.size() + " paths grew."));
    return new Report("Growth from " + names.get(0) + " to " + names.get(names.size() - 1), lines, List.of(new Report.Table("What grew", List.of(
        new Report.Column("more", Report.Unit.COUNT), new Report.Column("more bytes", Report.Unit.BYTES),
        new Report.Column("now", Report.Unit.COUNT), new Report.Column("bytes", Report.Unit.SERIES),
        new Report.Column("path", Report.Unit.TEXT)), rows)));
  }
}
