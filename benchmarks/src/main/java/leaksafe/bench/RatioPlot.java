package leaksafe.bench;

import java.util.List;
import java.util.Locale;

/** Draws ratios on a logarithmic scale: a dot for the median, a line from the least to the largest, one row for each peer. */
final class RatioPlot {
  private static final int ROW = 18;
  private static final int LABELS = 400;
  private static final int WIDTH = 420;
  private static final int TOP = 40;
  private static final int DOUBLINGS = 3; // to either side of 1

  private RatioPlot() {}

  static String svg(List<Compare.Ratio> ratios) {
    int bottom = TOP + ratios.size() * ROW + 4;
    StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">%n",
        LABELS + WIDTH + 30, bottom + 10));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    for (int power = -DOUBLINGS; power <= DOUBLINGS; power++) {
      double x = x(Math.pow(2, power));
      svg.append(String.format(Locale.ROOT, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\"/>%n",
          x, x, TOP - 8, bottom, power == 0 ? "#444" : "#ddd"));
      svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%s</text>%n",
          x, TOP - 14, power < 0 ? "1/" + (1 << -power) : Integer.toString(1 << power)));
    }
    for (int i = 0; i < ratios.size(); i++) {
      row(svg, ratios.get(i), TOP + i * ROW + ROW / 2);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void row(StringBuilder svg, Compare.Ratio ratio, int y) {
    String colour = ratio.median() >= 1 ? "#0b6e4f" : "#c8553d";
    svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s, %d %s, against %s</text>%n", LABELS - 8, y + 4,
        ratio.benchmark(), ratio.threads(), ratio.threads() == 1 ? "thread" : "threads", ratio.peer()));
    svg.append(String.format(Locale.ROOT, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"/>%n",
        x(ratio.least()), x(ratio.largest()), y, y, colour));
    svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"%s\"/>%n", x(ratio.median()), y, colour));
  }

  /** Ratios beyond the scale stand at its ends. */
  private static double x(double ratio) {
    double doublings = Math.max(-DOUBLINGS, Math.min(DOUBLINGS, Math.log(ratio) / Math.log(2)));
    return LABELS + 10 + (doublings + DOUBLINGS) / (2 * DOUBLINGS) * (WIDTH - 20);
  }
}
