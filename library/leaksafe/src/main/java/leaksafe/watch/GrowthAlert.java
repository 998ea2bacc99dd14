package leaksafe.watch;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Something has begun to grow steadily, or has stopped: text and numbers alone.
 *
 * @param monitor the name of the monitor
 * @param ended whether it stopped
 * @param growth what is known of the figure
 * @param heap what is known of the heap, if it is watched: how fast it grows and when it will be full
 * @param classes for the heap: the classes that hold more than when growth was first suspected, most bytes first, as text; empty unless
 *     {@linkplain GrowthMonitorBuilder#classes asked for}
 */
public record GrowthAlert(String monitor, boolean ended, Growth growth, Optional<Growth> heap, List<String> classes) {

  /** Checks that nothing is null, and copies the list. */
  public GrowthAlert {
    Objects.requireNonNull(monitor, "monitor");
    Objects.requireNonNull(growth, "growth");
    Objects.requireNonNull(heap, "heap");
    classes = List.copyOf(classes);
  }

  /** Returns the alert as one line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(monitor).append(ended ? ": no longer growing: " : ": ").append(growth);
    heap.filter(h -> !growth.kind().equals(h.kind()) && h.verdict().compareTo(Verdict.SUSPECTED) >= 0).ifPresent(h -> text.append("; ").append(h));
    if (!classes.isEmpty()) {
      text.append("; classes: ").append(String.join(", ", classes));
    }
    return text.toString();
  }
}
