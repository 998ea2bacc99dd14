package leaksafe.watch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What was allocated since an {@link AllocationRecorder} was started, as sampled; or between two times. A value: text and numbers alone.
 *
 * @param sites what was allocated by class and stack, most bytes first; of the stacks beyond {@code maximumSites} one site without a stack, whose
 *     class is {@value #OTHER}
 */
public record AllocationSnapshot(List<AllocationSite> sites) {
  /** The key of what there was no room for. */
  public static final String OTHER = "(other)";

  /** Copies and sorts the sites. */
  public AllocationSnapshot {
    sites = sites.stream().sorted(Comparator.comparingLong(AllocationSite::bytes).reversed().thenComparing(AllocationSite::className)).toList();
  }

  /**
   * Returns what was allocated since an earlier snapshot of the same recorder.
   *
   * @throws IllegalArgumentException if the other has counted more somewhere: then it is later, or of another recorder
   */
  public AllocationSnapshot since(AllocationSnapshot earlier) {
    Map<List<String>, AllocationSite> before = new HashMap<>();
    requireNonNull(earlier, "earlier").sites.forEach(site -> before.put(key(site), site));
    List<AllocationSite> more = new ArrayList<>();
    for (AllocationSite site : sites) {
      AllocationSite then = before.remove(key(site));
      long samples = site.samples() - (then == null ? 0 : then.samples());
      long bytes = site.bytes() - (then == null ? 0 : then.bytes());
      check(samples, site);
      if (samples > 0) {
        more.add(new AllocationSite(site.className(), site.stack(), samples, bytes));
      }
    }
    before.values().forEach(gone -> check(-gone.samples(), gone));
    return new AllocationSnapshot(more);
  }

  private static void check(long samples, AllocationSite site) {
    if (samples < 0) {
      throw new IllegalArgumentException("earlier has " + -samples + " more samples of " + site.className() + " from " + site.line()
          + ": it was taken later, or of another recorder; call later.since(earlier)");
    }
  }

  private static List<String> key(AllocationSite site) {
    List<String> key = new ArrayList<>(site.stack());
    key.add(site.className());
    return key;
  }

  /** Returns the sites of classes whose names begin with a prefix. */
  public AllocationSnapshot ofClasses(String prefix) {
    requireNonNull(prefix, "prefix");
    return filter(site -> site.className().startsWith(prefix));
  }

  /** Returns the sites with a line on their stack that begins with a prefix, such as {@code com.acme.}. */
  public AllocationSnapshot through(String prefix) {
    requireNonNull(prefix, "prefix");
    return filter(site -> site.stack().stream().anyMatch(line -> line.startsWith(prefix)));
  }

  /** Returns the sites without any line on their stack that begins with a prefix. */
  public AllocationSnapshot notThrough(String prefix) {
    requireNonNull(prefix, "prefix");
    return filter(site -> site.stack().stream().noneMatch(line -> line.startsWith(prefix)));
  }

  private AllocationSnapshot filter(Predicate<AllocationSite> test) {
    return new AllocationSnapshot(sites.stream().filter(test).toList());
  }

  /** Returns what was allocated by class, most bytes first. */
  public List<AllocationCount> byClass() {
    return by(AllocationSite::className);
  }

  /** Returns what was allocated by {@linkplain AllocationSite#line line}, most bytes first. */
  public List<AllocationCount> byLine() {
    return by(AllocationSite::line);
  }

  /** Returns what was allocated by stack, most bytes first. */
  public List<AllocationCount> byStack() {
    return by(site -> site.stack().isEmpty() ? OTHER : String.join(" < ", site.stack()));
  }

  private List<AllocationCount> by(Function<AllocationSite, String> key) {
    Map<String, AllocationCount> counts = new HashMap<>();
    for (AllocationSite site : sites) {
      counts.merge(key.apply(site), new AllocationCount(key.apply(site), site.samples(), site.bytes()),
          (a, b) -> new AllocationCount(a.key(), a.samples() + b.samples(), a.bytes() + b.bytes()));
    }
    return counts.values().stream().sorted(Comparator.comparingLong(AllocationCount::bytes).reversed().thenComparing(AllocationCount::key)).toList();
  }

  /** Returns about how many bytes were allocated. */
  public long bytes() {
    return sites.stream().mapToLong(AllocationSite::bytes).sum();
  }

  /** Returns how many objects were sampled. */
  public long samples() {
    return sites.stream().mapToLong(AllocationSite::samples).sum();
  }
}
