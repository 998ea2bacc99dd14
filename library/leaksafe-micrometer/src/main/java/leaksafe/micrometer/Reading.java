package leaksafe.micrometer;

import io.micrometer.core.instrument.Tags;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import leaksafe.census.CensusEntry;
import leaksafe.census.CensusSnapshot;

/**
 * A meter and where its value comes from.
 *
 * @param meter the name of the meter
 * @param tags its own tags
 * @param type how its value behaves
 * @param kind the kind of the containers
 * @param name the name of the containers; empty for all of the kind
 * @param figure the name of the figure; empty for the size
 */
record Reading(String meter, Tags tags, Type type, String kind, String name, String figure) {
  /** The figure that is the number of containers. */
  static final String CONTAINERS = "containers";

  private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

  /** What is counted from the creation of a container on. Everything else may fall. */
  private static final Set<String> COUNTED = Set.of("hits", "misses", "loads", "failedLoads", "evictions", "acquired", "waits", "timeouts",
      "opened", "openFailures", "closed", "disposed", "leaked", "overdue", "completed", "failures", "unhandled");

  /** What Micrometer has names for, if the container counts hits. */
  private static final Set<String> CONVENTIONAL = Set.of("hits", "misses", "loads", "failedLoads", "evictions");

  /** How a value behaves. */
  enum Type {
    /** It rises and falls. */
    GAUGE,
    /** It rises alone. */
    COUNTER,
    /** It is not one of the census, and stays. */
    FIXED
  }

  static boolean isCounted(String figure) {
    return COUNTED.contains(figure);
  }

  /** Returns what is to be read of the containers. */
  static Set<Reading> of(CensusSnapshot snapshot) {
    Set<Reading> readings = new LinkedHashSet<>();
    for (CensusEntry entry : snapshot.entries()) {
      String kind = entry.kind();
      readings.add(new Reading("leaksafe.containers", Tags.of("kind", kind), Type.GAUGE, kind, "", CONTAINERS));
      readings.add(new Reading("leaksafe.container.size", Tags.of("kind", kind, "name", entry.name()), Type.GAUGE, kind, entry.name(), ""));
      boolean conventional = entry.figures().containsKey("hits");
      if (conventional) {
        addConventional(readings, entry);
      }
      for (Map.Entry<String, Number> figure : entry.figures().entrySet()) {
        if (!figure.getKey().isEmpty() && !(conventional && CONVENTIONAL.contains(figure.getKey()))) {
          String meter = "leaksafe." + kind + "." + CAPITAL.matcher(figure.getKey()).replaceAll(".$1").toLowerCase(Locale.ROOT);
          readings.add(new Reading(meter, Tags.of("name", entry.name()), isCounted(figure.getKey()) ? Type.COUNTER : Type.GAUGE, kind,
              entry.name(), figure.getKey()));
        }
      }
    }
    return readings;
  }

  private static void addConventional(Set<Reading> readings, CensusEntry entry) {
    Tags cache = Tags.of("cache", entry.name());
    readings.add(new Reading("cache.size", cache, Type.GAUGE, entry.kind(), entry.name(), ""));
    addCounter(readings, "cache.gets", cache.and("result", "hit"), entry, "hits");
    addCounter(readings, "cache.gets", cache.and("result", "miss"), entry, "misses");
    addCounter(readings, "cache.puts", cache, entry, "loads");
    addCounter(readings, "cache.evictions", cache, entry, "evictions");
    addCounter(readings, "cache.load", cache.and("result", "success"), entry, "loads");
    addCounter(readings, "cache.load", cache.and("result", "failure"), entry, "failedLoads");
  }

  private static void addCounter(Set<Reading> readings, String meter, Tags tags, CensusEntry entry, String figure) {
    if (entry.figures().containsKey(figure)) {
      readings.add(new Reading(meter, tags, Type.COUNTER, entry.kind(), entry.name(), figure));
    }
  }
}
