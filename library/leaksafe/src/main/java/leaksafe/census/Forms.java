package leaksafe.census;

import java.util.Map;
import java.util.stream.Collectors;
import leaksafe.internal.Json;
import org.jspecify.annotations.Nullable;

/** The forms of snapshots and differences. */
final class Forms {

  private Forms() {}

  static Table table(CensusSnapshot snapshot) {
    Table table = new Table("name", "kind", ">size", "bound", "figures", "class loader", "site");
    for (CensusEntry e : snapshot.entries()) {
      table.row(e.name(), e.kind(), size(e), e.bound(), figures(e.figures()), e.classLoader(), e.site());
    }
    return table;
  }

  static Table table(CensusDifference difference) {
    Table table = new Table("name", "kind", ">before", ">now", ">growth", "bound", "class loader", "site");
    for (CensusChange change : difference.changes()) {
      CensusEntry e = change.entry();
      table.row(e.name(), e.kind(), size(change.before()), size(change.now()), (change.growth() > 0 ? "+" : "") + change.growth(), e.bound(),
          e.classLoader(), e.site());
    }
    return table;
  }

  private static String size(@Nullable CensusEntry entry) {
    return entry == null ? "-" : entry.failure() == null ? Long.toString(entry.size()) : "failed: " + entry.failure();
  }

  private static String figures(Map<String, Number> figures) {
    return figures.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", "));
  }

  static String json(CensusSnapshot snapshot) {
    Json json = new Json().begin().field("time", snapshot.time().toString()).field("containers", snapshot.entries().size())
        .field("entries", snapshot.totalSize()).beginList("list");
    snapshot.entries().forEach(entry -> append(json.begin(), entry).end());
    return json.endList().end().toString();
  }

  static String json(CensusDifference difference) {
    Json json = new Json().begin().field("from", difference.from().toString()).field("to", difference.to().toString())
        .field("growth", difference.totalGrowth()).beginList("changes");
    for (CensusChange change : difference.changes()) {
      json.begin().field("growth", change.growth()).field("appeared", change.appeared()).field("gone", change.gone());
      CensusEntry before = change.before();
      if (before != null) {
        json.field("before", before.size());
      }
      append(json, change.entry()).end();
    }
    return json.endList().end().toString();
  }

  private static Json append(Json json, CensusEntry entry) {
    json.field("id", entry.id()).field("name", entry.name()).field("kind", entry.kind()).field("site", entry.site())
        .field("classLoader", entry.classLoader()).field("size", entry.size()).field("bound", entry.bound())
        .field("unbounded", entry.unbounded());
    String failure = entry.failure();
    if (failure != null) {
      json.field("failure", failure);
    }
    json.beginObject("figures");
    entry.figures().forEach(json::field);
    return json.end();
  }
}
