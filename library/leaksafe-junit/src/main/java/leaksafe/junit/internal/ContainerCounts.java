package leaksafe.junit.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.Container;
import leaksafe.census.Census;
import leaksafe.census.CensusEntry;
import leaksafe.internal.Containers;
import leaksafe.resource.OpenGroup;
import leaksafe.resource.internal.TrackerCore;

/** How much the containers that the census lists hold now, by who made them. */
final class ContainerCounts {

  private static final String TRACKER = "tracker";

  private ContainerCounts() {}

  /** What of a container is counted. */
  enum Measure {
    /** Entries, where nothing else bounds them. */
    ENTRIES,
    /** Entries of what is bounded by a size: it may fill up, and cannot go on. */
    BOUNDED_ENTRIES,
    /** Resources that are open. */
    OPEN,
    /** Leases that are held. */
    LEASED,
    /** The containers themselves. */
    INSTANCES
  }

  /** Containers of one kind and name that were made at one line. */
  record Key(String kind, String name, String site, Measure measure) {}

  static Map<Key, Long> take() {
    Map<Key, Long> counts = new HashMap<>();
    for (CensusEntry entry : Census.snapshot().entries()) {
      add(counts, entry, Measure.INSTANCES, 1);
      Number leased = entry.figures().get("leased");
      if (entry.kind().equals("pool") && leased != null) {
        add(counts, entry, Measure.LEASED, leased.longValue());
      } else if (entry.kind().equals(TRACKER)) {
        add(counts, entry, Measure.OPEN, entry.size());
      } else {
        boolean isBounded = entry.bound().contains("maximum") && !entry.unbounded();
        add(counts, entry, isBounded ? Measure.BOUNDED_ENTRIES : Measure.ENTRIES, entry.size());
      }
    }
    return counts;
  }

  private static void add(Map<Key, Long> counts, CensusEntry entry, Measure measure, long value) {
    counts.merge(new Key(entry.kind(), entry.name(), entry.site(), measure), value, Long::sum);
  }

  /** Returns what the trackers of a key have open, by class and site, most first. */
  static List<OpenGroup> open(Key key) {
    List<OpenGroup> groups = new ArrayList<>();
    for (Container container : Containers.list()) {
      if (container instanceof TrackerCore core && core.name().equals(key.name()) && core.creationSite().equals(key.site())) {
        groups.addAll(core.openGroups());
      }
    }
    return groups;
  }

  /** Returns the bound of a container of the key, in words. */
  static String bound(Key key) {
    return Census.snapshot().entries().stream().filter(e -> e.kind().equals(key.kind()) && e.name().equals(key.name())).map(CensusEntry::bound)
        .findFirst().orElse("?");
  }
}
