package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import leaksafe.heap.Report;

/**
 * A treemap as SVG: squarified rectangles, two levels deep.
 *
 * <p>Source: M. Bruls, K. Huizing, J. van Wijk, "Squarified Treemaps", 2000.
 */
final class Treemap {
  private static final double WIDTH = 1000;
  private static final double HEIGHT = 420;
  private static final double SMALLEST = 3;
  private static final int LEVELS = 2;

  private final StringBuilder svg = new StringBuilder();

  private Treemap() {}

  static String of(Report.Tree tree) {
    Treemap map = new Treemap();
    map.svg.append(String.format(Locale.ROOT, "<svg class=\"map\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"treemap\">", WIDTH, HEIGHT));
    map.level(tree.roots(), 0, 0, WIDTH, HEIGHT, 0);
    return map.svg.append("</svg>").toString();
  }

  private void level(List<Report.Node> nodes, double x, double y, double width, double height, int depth) {
    List<Report.Node> sorted = new ArrayList<>(nodes.stream().filter(node -> node.bytes() > 0).toList());
    sorted.sort(Comparator.comparingLong(Report.Node::bytes).reversed());
    double total = sorted.stream().mapToDouble(Report.Node::bytes).sum();
    if (total == 0) {
      return;
    }
    double scale = width * height / total;
    int from = 0;
    while (from < sorted.size() && width >= SMALLEST && height >= SMALLEST) {
      boolean wide = width >= height;
      double side = wide ? height : width;
      int to = from + 1;
      double sum = sorted.get(from).bytes() * scale;
      double largest = sum;
      while (to < sorted.size()) {
        double next = sorted.get(to).bytes() * scale;
        if (worst(side, sum + next, largest, next) > worst(side, sum, largest, sorted.get(to - 1).bytes() * scale)) {
          break;
        }
        sum += next;
        to++;
      }
      double thick = sum / side;
      double along = 0;
      for (Report.Node node : sorted.subList(from, to)) {
        double length = node.bytes() * scale / thick;
        if (wide) {
          box(node, x, y + along, thick, length, depth);
        } else {
          box(node, x + along, y, length, thick, depth);
        }
        along += length;
      }
      if (wide) {
        x += thick;
        width -= thick;
      } else {
        y += thick;
        height -= thick;
      }
      from = to;
    }
  }

  private static double worst(double side, double sum, double largest, double smallest) {
    return Math.max(side * side * largest / (sum * sum), sum * sum / (side * side * smallest));
  }

  private void box(Report.Node node, double x, double y, double width, double height, int depth) {
    if (width < SMALLEST || height < SMALLEST) {
      return;
    }
    svg.append(String.format(Locale.ROOT, "<g><title>%s, %s</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"d%d\"/>",
        HtmlText.escaped(node.label()), Sizes.text(node.bytes()), x, y, width, height, depth));
    int letters = (int) (width / 6.9) - 1;
    if (height > 15 && letters > 4) {
      svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\">%s</text>", x + 3, y + 12,
          HtmlText.escaped(label(node, letters))));
    }
    svg.append("</g>");
    if (depth + 1 < LEVELS && width > 20 && height > 34) {
      // Children take the share of the node that is theirs, below its label.
      double share = node.children().stream().mapToDouble(Report.Node::bytes).sum() / node.bytes();
      level(node.children(), x + 2, y + 16, width - 4, (height - 18) * Math.min(1, share), depth + 1);
    }
  }

  /** Returns what tells most in so many letters: packages and ids, which the tree below has, go before the class and the size. */
  private static String label(Report.Node node, int letters) {
    String name = node.label();
    String size = " " + Sizes.text(node.bytes());
    String simple = name.substring(name.lastIndexOf('.') + 1);
    int id = simple.indexOf('@');
    String bare = id < 0 ? simple : simple.substring(0, id);
    for (String label : List.of(name + size, simple + size, bare + size, bare)) {
      if (label.length() <= letters) {
        return label;
      }
    }
    return bare.substring(0, letters) + "…";
  }
}
