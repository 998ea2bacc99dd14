package leaksafe.bench.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Hit ratios over recorded traces, ours beside the peers', LRU and the optimum, at 0.1, 1, 5, 10 and 25 % of the distinct keys (32
 * entries at least), in one thread: get, and put on a miss.
 *
 * <p>Command: {@code java -Xmx4g -cp benchmarks/target/benchmarks.jar leaksafe.bench.cache.HitRatio PLACE [limit=1000000]
 * [only=REGEX] [impl=leaksafe,caffeine,...] [svg=FILE]}, where PLACE is a trace, a folder of them (a text with a key a line for one: see
 * {@link Trace}), or the jar of Caffeine's simulator, which {@code mvn -q -Ptraces -pl benchmarks generate-resources} fetches into
 * {@code benchmarks/target/traces}.
 */
public final class HitRatio {
  private static final double[] SHARES = {0.001, 0.01, 0.05, 0.1, 0.25};

  private int limit = 1_000_000;
  private String only = ".*";
  private List<String> implementations = List.of("leaksafe", "caffeine", "cache2k", "guava", "lru");
  private Path svg;

  /** One trace at one maximum; the hit ratios in percent, by implementation; {@code opt} is the optimum. */
  record Cell(String trace, double share, int maximum, Map<String, Double> ratios) {}

  private HitRatio() {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      System.err.println("usage: HitRatio PLACE [limit=N] [only=REGEX] [impl=A,B] [svg=FILE]");
      System.exit(2);
    }
    HitRatio hitRatio = new HitRatio();
    for (int i = 1; i < args.length; i++) {
      hitRatio.option(args[i]);
    }
    hitRatio.run(Path.of(args[0]));
  }

  private void option(String arg) {
    int equals = arg.indexOf('=');
    String value = arg.substring(equals + 1);
    switch (arg.substring(0, Math.max(0, equals))) {
      case "limit" -> limit = Integer.parseInt(value);
      case "only" -> only = value;
      case "impl" -> implementations = List.of(value.split(","));
      case "svg" -> svg = Path.of(value);
      default -> {
        System.err.println("an option must be limit=N, only=REGEX, impl=A,B or svg=FILE, but was " + arg);
        System.exit(2);
      }
    }
  }

  private void run(Path place) throws IOException {
    List<Cell> cells = new ArrayList<>();
    System.out.println("| trace | maximum | share % | opt | " + String.join(" | ", implementations) + " |");
    System.out.println("|---|---|---|---|" + "---|".repeat(implementations.size()));
    for (Trace.Source source : Trace.list(place)) {
      if (!source.name().matches(only)) {
        continue;
      }
      Trace trace = Trace.read(source, limit);
      int previous = 0;
      for (double share : SHARES) {
        int maximum = (int) Math.max(32, Math.round(share * trace.distinct()));
        if (maximum == previous || maximum >= trace.distinct()) {
          continue;
        }
        previous = maximum;
        Cell cell = cell(trace, share, maximum);
        cells.add(cell);
        System.out.println(row(cell));
      }
    }
    summarize(cells);
    if (svg != null) {
      Files.writeString(svg, HitRatioPlot.svg(cells, implementations));
    }
  }

  private Cell cell(Trace trace, double share, int maximum) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    ratios.put("opt", percent(Optimum.hits(trace, maximum), trace));
    for (String implementation : implementations) {
      ratios.put(implementation, percent(hits(implementation, trace, maximum), trace));
    }
    return new Cell(trace.name(), share, maximum, ratios);
  }

  private static double percent(long hits, Trace trace) {
    return 100.0 * hits / trace.ids().length;
  }

  private static long hits(String implementation, Trace trace, int maximum) {
    if (implementation.equals("caffeine")) {
      return caffeineHits(trace, maximum);
    }
    Integer[] keys = keys(trace);
    Peer<Integer, Integer> cache = Peer.of(implementation, maximum, Peer.Lifetime.NONE);
    long hits = 0;
    for (int id : trace.ids()) {
      if (cache.get(keys[id]) != null) {
        hits++;
      } else {
        cache.put(keys[id], keys[id]);
      }
    }
    return hits;
  }

  /** Caffeine with its maintenance on the caller, so that its policy sees the accesses in order and is not held back. */
  private static long caffeineHits(Trace trace, int maximum) {
    Integer[] keys = keys(trace);
    var cache = Caffeine.newBuilder().maximumSize(maximum).executor(Runnable::run).<Integer, Integer>build();
    long hits = 0;
    for (int id : trace.ids()) {
      if (cache.getIfPresent(keys[id]) != null) {
        hits++;
      } else {
        cache.put(keys[id], keys[id]);
      }
    }
    return hits;
  }

  private static Integer[] keys(Trace trace) {
    Integer[] keys = new Integer[trace.distinct()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = i;
    }
    return keys;
  }

  private String row(Cell cell) {
    StringBuilder row = new StringBuilder();
    row.append(String.format(Locale.ROOT, "| %s | %d | %s | %.2f |", cell.trace(), cell.maximum(), cell.share() * 100, cell.ratios().get("opt")));
    for (String implementation : implementations) {
      row.append(String.format(Locale.ROOT, " %.2f |", cell.ratios().get(implementation)));
    }
    return row.toString();
  }

  private void summarize(List<Cell> cells) {
    String ours = implementations.get(0);
    System.out.println();
    System.out.println("| " + cells.size() + " cells, " + ours + " against | mean difference, points | won | lost | worst | at | best | at |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (String peer : implementations.subList(1, implementations.size())) {
      double sum = 0;
      int won = 0;
      int lost = 0;
      Cell worst = null;
      Cell best = null;
      for (Cell cell : cells) {
        double difference = difference(cell, ours, peer);
        sum += difference;
        won += difference > 0.05 ? 1 : 0;
        lost += difference < -0.05 ? 1 : 0;
        worst = worst == null || difference < difference(worst, ours, peer) ? cell : worst;
        best = best == null || difference > difference(best, ours, peer) ? cell : best;
      }
      if (worst != null && best != null) {
        System.out.printf(Locale.ROOT, "| %s | %+.3f | %d | %d | %+.2f | %s | %+.2f | %s |%n", peer, sum / cells.size(), won, lost,
            difference(worst, ours, peer), worst.trace() + "@" + worst.maximum(), difference(best, ours, peer),
            best.trace() + "@" + best.maximum());
      }
    }
  }

  private static double difference(Cell cell, String ours, String theirs) {
    return cell.ratios().get(ours) - cell.ratios().get(theirs);
  }
}
