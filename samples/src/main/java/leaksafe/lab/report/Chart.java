package leaksafe.lab.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import leaksafe.lab.Comparison;
import leaksafe.lab.run.HeapSample;
import leaksafe.lab.run.Run;

/** Heap after collections over time, both runs in one picture, as SVG. Colours come from the page, light and dark. */
final class Chart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 250;
  private static final int LEFT = 46;
  private static final int RIGHT = 14;
  private static final int TOP = 14;
  private static final int BOTTOM = 34;

  private final Comparison comparison;
  private final double mostMillis;
  private final double mostBytes;
  private final StringBuilder svg = new StringBuilder();

  private Chart(Comparison comparison) {
    this.comparison = comparison;
    mostBytes = comparison.heapBytes();
    mostMillis = Math.max(1000, Math.max(last(comparison.adHoc()), last(comparison.leaksafe())));
  }

  static String of(Comparison comparison) {
    return new Chart(comparison).draw();
  }

  private static long last(Run run) {
    return points(run).stream().mapToLong(HeapSample::millis).max().orElse(0);
  }

  /** Returns the full collections, which tell what is reachable; before the first of them the young ones, for lack of better. */
  private static List<HeapSample> points(Run run) {
    List<HeapSample> points = new ArrayList<>();
    points.add(new HeapSample(0, run.baseBytes(), 0, HeapSample.Kind.FULL));
    boolean full = run.samples().stream().anyMatch(sample -> sample.kind() == HeapSample.Kind.FULL);
    run.samples().stream().filter(sample -> !full || sample.kind() == HeapSample.Kind.FULL).forEach(points::add);
    if (run.settled() != null) {
      points.add(run.settled());
    }
    points.sort(Comparator.comparingLong(HeapSample::millis)); // the collector tells of its collections some time after them
    return points;
  }

  private String draw() {
    append("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Heap after collections over time: %s\">%n", WIDTH, HEIGHT,
        Html.escape(comparison.scenario().title()));
    for (int quarter = 0; quarter <= 4; quarter++) {
      double bytes = mostBytes * quarter / 4;
      append("<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, y(bytes), y(bytes));
      append("<text class=\"axis\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>%n", LEFT - 6, y(bytes) + 4, bytes / 1_048_576);
    }
    append("<text class=\"axis\" x=\"%d\" y=\"%d\">MB (the whole heap: %.0f)</text>%n", LEFT + 4, TOP + 11, mostBytes / 1_048_576);
    double step = mostMillis <= 2500 ? 500 : mostMillis <= 6000 ? 1000 : 2000;
    for (double millis = 0; millis <= mostMillis; millis += step) {
      append("<text class=\"axis\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s s</text>%n", x(millis), HEIGHT - BOTTOM + 18,
          millis % 1000 == 0 ? String.format(Locale.ROOT, "%.0f", millis / 1000) : String.format(Locale.ROOT, "%.1f", millis / 1000));
    }
    line(comparison.adHoc(), "adhoc");
    line(comparison.leaksafe(), "ours");
    if (comparison.adHoc().outOfMemory()) {
      List<HeapSample> points = points(comparison.adHoc());
      HeapSample end = points.get(points.size() - 1);
      append("<text class=\"dead\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">✕</text>%n", x(end.millis()), y(end.bytes()) + 6);
    }
    return svg.append("</svg>").toString();
  }

  private void line(Run run, String style) {
    StringBuilder points = new StringBuilder();
    for (HeapSample sample : points(run)) {
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(sample.millis()), y(sample.bytes())));
    }
    append("<polyline class=\"%s\" points=\"%s\"/>%n", style, points.toString().strip());
  }

  private double x(double millis) {
    return LEFT + (WIDTH - LEFT - RIGHT) * millis / mostMillis;
  }

  private double y(double bytes) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(1, bytes / mostBytes));
  }

  private void append(String format, Object... args) {
    svg.append(String.format(Locale.ROOT, format, args));
  }
}
