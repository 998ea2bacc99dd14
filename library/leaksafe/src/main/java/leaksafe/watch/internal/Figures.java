package leaksafe.watch.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import leaksafe.watch.Growth;
import leaksafe.watch.Verdict;
import org.jspecify.annotations.Nullable;

/** The series of a monitor and what is thought of them. Not safe for use by many threads: the monitor has a lock. */
final class Figures {
  private static final long HEAP_MINIMUM_GROWTH = 1 << 20;
  private static final long FOREVER_HOURS = 1_000_000;

  private final Settings settings;
  private final Map<Key, Figure> byKey = new LinkedHashMap<>();
  private int unwatched;

  Figures(Settings settings) {
    this.settings = settings;
  }

  /** A figure with its history. */
  private static final class Figure {
    final Series series;
    Reading reading = Reading.of(0);
    int absent; // in so many samples in a row
    boolean raised;
    int calm; // in so many samples in a row while raised

    Figure(long minimumGrowth) {
      series = new Series(minimumGrowth);
    }
  }

  /** What began or ceased to grow with a sample. */
  record Change(boolean ended, Growth growth) {}

  /** Adds a sample of each figure; a figure that is not among them has none, if it is a container 0. */
  List<Change> add(long nanos, Map<Key, Reading> readings) {
    unwatched = 0;
    readings.forEach((key, reading) -> {
      Figure figure = figure(key);
      if (figure != null) {
        figure.absent = 0;
        figure.reading = reading;
        figure.series.add(nanos, reading.value(), settings.cycle());
      }
    });
    byKey.entrySet().removeIf(entry -> !readings.containsKey(entry.getKey()) && isGone(entry.getKey(), entry.getValue(), nanos));
    return changes();
  }

  private @Nullable Figure figure(Key key) {
    Figure figure = byKey.get(key);
    if (figure == null) {
      if (byKey.size() >= settings.maximumSeries()) {
        unwatched++;
        return null;
      }
      figure = new Figure(key.equals(Key.HEAP) ? HEAP_MINIMUM_GROWTH : settings.minimumGrowth());
      byKey.put(key, figure);
    }
    return figure;
  }

  /** Takes note that there was no reading; returns whether the figure is to be forgotten. */
  private boolean isGone(Key key, Figure figure, long nanos) {
    figure.absent++;
    if (figure.reading.containers() > 0) {
      // Containers that come and go are one figure, which is 0 in between.
      figure.reading = new Reading(0, figure.reading.containers(), figure.reading.maximum(), figure.reading.bound());
      figure.series.add(nanos, 0, settings.cycle());
    }
    return figure.absent > Window.PLACES || (figure.reading.containers() == 0 && !key.equals(Key.HEAP));
  }

  private List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    boolean urgent = isHeapUrgent();
    byKey.forEach((key, figure) -> {
      Growth growth = growth(key, figure, urgent);
      boolean grows = growth.verdict() == Verdict.GROWING;
      figure.calm = grows ? 0 : figure.calm + 1;
      if (grows && !figure.raised) {
        figure.raised = true;
        changes.add(new Change(false, growth));
      } else if (figure.raised && figure.calm >= Series.MINIMUM_SAMPLES) {
        figure.raised = false;
        changes.add(new Change(true, growth));
      }
    });
    return changes;
  }

  /** Returns whether the heap will be full before a wave could have turned: then what is suspected is told at once. */
  private boolean isHeapUrgent() {
    Figure heap = byKey.get(Key.HEAP);
    return heap != null && growth(Key.HEAP, heap, false).fullIn()
        .filter(full -> full.compareTo(settings.cycle().dividedBy(4)) < 0).isPresent();
  }

  List<Growth> growths() {
    boolean urgent = isHeapUrgent();
    List<Growth> growths = new ArrayList<>();
    byKey.forEach((key, figure) -> growths.add(growth(key, figure, urgent)));
    return growths;
  }

  Optional<Growth> heap() {
    Figure heap = byKey.get(Key.HEAP);
    return heap == null ? Optional.empty() : Optional.of(growth(Key.HEAP, heap, isHeapUrgent()));
  }

  /** Returns whether some window of the heap says that it grows, though it may not be sure yet. */
  boolean heapStirs() {
    Figure heap = byKey.get(Key.HEAP);
    return heap != null && heap.series.stirs();
  }

  private Growth growth(Key key, Figure figure, boolean urgent) {
    Series.Judgement judgement = figure.series.judge();
    Verdict verdict = judgement.verdict();
    String reason = judgement.trend().reason();
    boolean grows = verdict.compareTo(Verdict.SUSPECTED) >= 0;
    long maximum = key.equals(Key.HEAP) ? HeapProbe.maximum() : figure.reading.maximum();
    double perHour = grows ? judgement.trend().slope() : 0;
    Optional<Duration> fullIn = grows && maximum >= 0 ? fullIn(maximum - figure.series.latest(), perHour) : Optional.empty();
    if (grows && maximum >= 0 && !key.equals(Key.HEAP)) {
      verdict = Verdict.QUIET;
      reason = "fills up to its maximum of " + maximum;
    } else if (verdict == Verdict.SUSPECTED) {
      verdict = urgent ? Verdict.GROWING : verdict;
      reason += urgent ? ", and the heap will be full soon" : ", for less than the cycle of " + settings.cycle();
    }
    return new Growth(key.name(), key.kind(), key.site(), figure.reading.bound(), verdict, reason, figure.series.latest(), perHour,
        judgement.observed(), fullIn, List.of(), judgement.floors());
  }

  private static Optional<Duration> fullIn(long room, double perHour) {
    double hours = Math.max(0, room) / perHour;
    return hours < FOREVER_HOURS ? Optional.of(Duration.ofSeconds((long) (hours * TimeUnit.HOURS.toSeconds(1)))) : Optional.empty();
  }

  void remove(Key key) {
    byKey.remove(key);
  }

  int size() {
    return byKey.size();
  }

  /** Returns how many figures of the last sample had no place. */
  int unwatched() {
    return unwatched;
  }
}
