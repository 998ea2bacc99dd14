package leaksafe.bench.cache;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws, for each trace, the hit ratio over the maximum: small multiples in one SVG, one line for each implementation. */
final class HitRatioPlot {
  private static final String[] COLOURS = {"#0b6e4f", "#c8553d", "#588bd1", "#8d6a9f", "#8c8c8c"};
  private static final int COLUMNS = 4;
  private static final int WIDTH = 240;
  private static final int HEIGHT = 170;
  private static final int MARGIN = 30;

  private HitRatioPlot() {}

  static String svg(List<HitRatio.Cell> cells, List<String> implementations) {
    Map<String, List<HitRatio.Cell>> byTrace = new LinkedHashMap<>();
    for (HitRatio.Cell cell : cells) {
      byTrace.computeIfAbsent(cell.trace(), name -> new java.util.ArrayList<>()).add(cell);
    }
    int rows = (byTrace.size() + COLUMNS - 1) / COLUMNS;
    StringBuilder svg = new StringBuilder();
    svg.append(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"10\">%n",
        COLUMNS * WIDTH, rows * HEIGHT + 30));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    for (int i = 0; i < implementations.size(); i++) {
      svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"18\" fill=\"%s\" font-size=\"12\" font-weight=\"bold\">%s</text>%n",
          10 + i * 90, COLOURS[i % COLOURS.length], implementations.get(i)));
    }
    svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"18\" font-size=\"12\">hit ratio %% over maximum (%% of distinct keys); dotted: optimum</text>%n",
        10 + implementations.size() * 90));
    int at = 0;
    for (Map.Entry<String, List<HitRatio.Cell>> entry : byTrace.entrySet()) {
      panel(svg, entry.getKey(), entry.getValue(), implementations, at % COLUMNS * WIDTH, at / COLUMNS * HEIGHT + 30);
      at++;
    }
    return svg.append("</svg>\n").toString();
  }

  private static void panel(StringBuilder svg, String trace, List<HitRatio.Cell> cells, List<String> implementations, int x, int y) {
    svg.append(String.format(Locale.ROOT, "<g transform=\"translate(%d,%d)\"><text x=\"%d\" y=\"12\" font-weight=\"bold\">%s</text>%n", x, y, MARGIN, trace));
    svg.append(String.format(Locale.ROOT, "<rect x=\"%d\" y=\"18\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#ccc\"/>%n",
        MARGIN, WIDTH - MARGIN - 10, HEIGHT - 48));
    for (int percent = 0; percent <= 100; percent += 50) {
      svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#666\">%d</text>%n", MARGIN - 3, height(percent) + 3, percent));
    }
    for (int i = 0; i < cells.size(); i++) {
      svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%s</text>%n",
          across(i, cells.size()), HEIGHT - 18, cells.get(i).share() * 100));
    }
    line(svg, cells, "opt", "#444", "2 3");
    for (int i = implementations.size() - 1; i >= 0; i--) { // ours on top
      line(svg, cells, implementations.get(i), COLOURS[i % COLOURS.length], "none");
    }
    svg.append("</g>\n");
  }

  private static void line(StringBuilder svg, List<HitRatio.Cell> cells, String implementation, String colour, String dashes) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", across(i, cells.size()), height(cells.get(i).ratios().get(implementation))));
    }
    svg.append(String.format(Locale.ROOT, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" stroke-dasharray=\"%s\"/>%n",
        points.toString().trim(), colour, dashes));
  }

  private static double across(int index, int count) {
    return MARGIN + 8 + (count == 1 ? 0 : index * (WIDTH - MARGIN - 26.0) / (count - 1));
  }

  private static double height(double percent) {
    return 18 + (HEIGHT - 48) * (1 - percent / 100);
  }
}
