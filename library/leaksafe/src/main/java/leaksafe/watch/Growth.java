package leaksafe.watch;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link GrowthMonitor} knows of a figure: text and numbers alone, so keeping it keeps nothing else alive.
 *
 * @param name the name of the container, gauge or class, or {@code heap}
 * @param kind the container's kind, or {@code heap}, {@code gauge} or {@code class}
 * @param site the line of the user's code that created the container, or registered the gauge; empty for the heap and classes
 * @param bound what limits the container, in words; empty if it is none
 * @param verdict what the monitor thinks
 * @param reason why, in words
 * @param latest the latest reading: entries, instances of a class, or bytes for the heap; of containers of one name, kind and site the sum
 * @param perHour the median slope over the window that decided, in entries or bytes an hour; 0 unless something grows
 * @param observed the length of the window that decided, or of the longest there is
 * @param fullIn when the heap will be full at this rate, for the heap; when the container's maximum is reached, for a bounded one
 * @param addedBy lines of the user's code that add most, with counts, for a container whose call sites are sampled; filled when it is
 *     suspected or grows
 * @param floors the latest readings, oldest first, each the minimum of as many samples as the window that decided has in a place
 */
public record Growth(String name, String kind, String site, String bound, Verdict verdict, String reason, long latest, double perHour,
    Duration observed, Optional<Duration> fullIn, List<String> addedBy, List<Long> floors) {

  /** Checks that nothing is null, and copies the lists. */
  public Growth {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(site, "site");
    Objects.requireNonNull(bound, "bound");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(observed, "observed");
    Objects.requireNonNull(fullIn, "fullIn");
    addedBy = List.copyOf(addedBy);
    floors = List.copyOf(floors);
  }

  /** Returns all as one line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name.equals(kind) ? name : kind + " " + name)
        .append(": ").append(verdict.name().toLowerCase(Locale.ROOT)).append(", ").append(latest).append(kind.equals("heap") ? " bytes" : "");
    if (verdict.compareTo(Verdict.SUSPECTED) >= 0) {
      text.append(String.format(Locale.ROOT, ", %+.1f an hour over %s", perHour, text(observed)));
      fullIn.ifPresent(time -> text.append(", full in ").append(text(time)));
    }
    text.append("; ").append(reason);
    if (!site.isEmpty()) {
      text.append("; created at ").append(site);
    }
    if (!bound.isEmpty()) {
      text.append("; bound: ").append(bound);
    }
    if (!addedBy.isEmpty()) {
      text.append("; added by ").append(String.join(", ", addedBy));
    }
    return text.toString();
  }

  static String text(Duration time) {
    return time.toDays() > 3 ? time.toDays() + " days" : time.toHours() > 3 ? time.toHours() + " h"
        : time.toMinutes() > 3 ? time.toMinutes() + " min" : time.toSeconds() + " s";
  }
}
