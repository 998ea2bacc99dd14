package leaksafe.junit.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What has grown in every round so far. Changes numbers in place: from the second round on it allocates nothing that stays, unless there is a new
 * key, so that it is not itself what grows.
 *
 * @param <K> what is counted
 */
final class Growing<K> {
  private final Map<K, Series> all = new HashMap<>();
  private int rounds = -2;

  /** The first and the latest count of one thing. */
  static final class Series {
    long first;
    long latest;
    private int grown;
  }

  /** Something that grew each time. */
  record Grown<K>(K what, long first, long latest) {
    long by() {
      return latest - first;
    }
  }

  /**
   * Takes the counts. The first call only makes room for what is counted, which is itself something that grows; the second is the base line; the
   * others come after a round each. What is missing counts as zero.
   */
  void add(Map<K, Long> counts) {
    rounds++;
    all.forEach((key, series) -> step(series, counts.getOrDefault(key, 0L)));
    counts.forEach((key, count) -> {
      if (!all.containsKey(key)) {
        Series series = new Series();
        series.first = rounds > 0 ? 0 : count;
        series.latest = count;
        series.grown = rounds == 1 ? 1 : 0; // there was none at the base line
        all.put(key, series);
      }
    });
  }

  private void step(Series series, long count) {
    series.grown += rounds > 0 && count > series.latest ? 1 : 0;
    series.first = rounds > 0 ? series.first : count;
    series.latest = count;
  }

  /** Returns what grew in each round, most first. */
  List<Grown<K>> inEveryRound() {
    List<Grown<K>> grown = new ArrayList<>();
    all.forEach((key, series) -> {
      if (rounds > 0 && series.grown == rounds) {
        grown.add(new Grown<>(key, series.first, series.latest));
      }
    });
    grown.sort(Comparator.comparingLong((Grown<K> g) -> g.by()).reversed().thenComparing(g -> String.valueOf(g.what())));
    return grown;
  }
}
