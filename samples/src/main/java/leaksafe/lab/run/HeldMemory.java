package leaksafe.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import leaksafe.heap.HeapDump;
import leaksafe.heap.Report;
import leaksafe.lab.report.Finding;

/**
 * The step that asks the heap dump of an ad-hoc program what held its memory. A child makes the dump when it runs out of memory, or when
 * its work is over; it is deleted here.
 */
public final class HeldMemory {
  private static final String BY_PATH = "By path";
  private static final int ROWS = 400;
  private static final double MOST_OF_IT = 0.6;

  private record Row(long bytes, long objects, String path) {
    int depth() {
      return path.split(" -> ", -1).length;
    }
  }

  private HeldMemory() {}

  /** Says which path held most of the memory, deletes the dump, and returns nothing if there is no dump. */
  public static Optional<Finding> of(Path dump) throws IOException {
    if (!Files.exists(dump)) {
      return Optional.empty();
    }
    try {
      List<Row> rows = new ArrayList<>();
      for (Report.Section section : HeapDump.open(dump).retained(ROWS).sections()) {
        if (section instanceof Report.Table table && table.title().equals(BY_PATH)) {
          table.rows().forEach(row -> rows.add(new Row((Long) row.get(0), (Long) row.get(1), String.valueOf(row.get(2)))));
        }
      }
      return holder(rows).map(row -> new Finding("What held the memory (leaksafe-heap)", List.of(
          String.format(Locale.ROOT, "%.1f MB by %,d %s:", row.bytes / 1_048_576.0, row.objects, row.objects == 1 ? "object" : "objects"),
          row.path)));
    } finally {
      Files.deleteIfExists(dump);
    }
  }

  /** The path by which most of the memory hangs on the fewest objects, and of those the one that goes farthest. */
  private static Optional<Row> holder(List<Row> rows) {
    long most = rows.stream().mapToLong(Row::bytes).max().orElse(0);
    return rows.stream().filter(row -> row.bytes >= most * MOST_OF_IT)
        .min(Comparator.comparingLong(Row::objects).thenComparing(Comparator.comparingInt(Row::depth).reversed()));
  }
}
