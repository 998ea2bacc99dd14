package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.heap.Report;

/** Instances and bytes by class name. */
final class Histogram {
  private static final long[] NONE = {0, 0};

  private final Map<String, long[]> rows = new HashMap<>();

  private Histogram() {}

  static Histogram of(HeapGraph graph) {
    long[] counts = new long[graph.classes.size()];
    long[] bytes = new long[graph.classes.size()];
    ClassInfo mirror = null;
    for (int i = 0; i < graph.classes.size(); i++) {
      if (graph.classes.at(i).name.equals("java.lang.Class")) {
        mirror = graph.classes.at(i);
      }
    }
    int mirrorIndex = mirror == null ? 0 : mirror.index;
    for (long o = 1; o <= graph.count; o++) {
      int index = graph.classOf((int) o);
      int counted = index < 0 ? mirrorIndex : index;
      counts[counted]++;
      bytes[counted] += graph.size((int) o);
    }
    Histogram histogram = new Histogram();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        long[] row = histogram.rows.computeIfAbsent(graph.classes.at(i).stableName, name -> new long[2]);
        row[0] += counts[i];
        row[1] += bytes[i];
      }
    }
    return histogram;
  }

  private static final List<Report.Column> COLUMNS = List.of(new Report.Column("instances", Report.Unit.COUNT),
      new Report.Column("bytes", Report.Unit.BYTES), new Report.Column("class", Report.Unit.TEXT));

  Report.Table table(int top) {
    return table("Instances by class", rows, top);
  }

  private static Report.Table table(String title, Map<String, long[]> rows, int top) {
    List<List<Object>> cells = new ArrayList<>();
    rows.entrySet().stream()
        .sorted((a, b) -> {
          int byBytes = Long.compare(Math.abs(b.getValue()[1]), Math.abs(a.getValue()[1]));
          return byBytes != 0 ? byBytes : a.getKey().compareTo(b.getKey());
        })
        .limit(top)
        .forEach(row -> cells.add(List.of(row.getValue()[0], row.getValue()[1], row.getKey())));
    return new Report.Table(title, COLUMNS, cells);
  }

  Report.Table difference(Histogram older, int top) {
    Map<String, long[]> all = new HashMap<>();
    rows.forEach((name, row) -> {
      long[] before = older.rows.getOrDefault(name, NONE);
      all.put(name, new long[] {row[0] - before[0], row[1] - before[1]});
    });
    older.rows.forEach((name, row) -> all.putIfAbsent(name, new long[] {-row[0], -row[1]}));
    all.values().removeIf(row -> row[0] == 0 && row[1] == 0);
    return table("Differences by class", all, top);
  }
}
