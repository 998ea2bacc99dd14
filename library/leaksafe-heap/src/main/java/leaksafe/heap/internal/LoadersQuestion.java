package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leaksafe.heap.Report;

/**
 * Class loaders that are there several times. Loaders of one class that define classes of equal names are generations of one
 * application, and all but one are stale as a rule; the path says what holds each.
 */
final class LoadersQuestion {
  private static final class Loader {
    final int object;
    int classes;
    long instances;
    long bytes;
    String example = "";
    int duplicates;

    Loader(int object) {
      this.object = object;
    }
  }

  private final HeapGraph graph;
  private final PathWalk walk;
  private final Map<Long, Loader> loaders = new HashMap<>();

  LoadersQuestion(HeapGraph graph, PathWalk walk) {
    this.graph = graph;
    this.walk = walk;
    Map<String, Integer> definitions = new HashMap<>();
    for (int i = 1; i < graph.classes.size(); i++) {
      ClassInfo info = graph.classes.at(i);
      if (isOfUser(info)) {
        definitions.merge(info.name, 1, Integer::sum);
      }
    }
    long[] counts = new long[graph.classes.size()];
    long[] bytes = new long[graph.classes.size()];
    for (long o = 1; o <= graph.count; o++) {
      int object = (int) o;
      int index = graph.classOf.get(object);
      counts[index < 0 ? ~index : index] += index < 0 ? 0 : 1;
      bytes[index < 0 ? ~index : index] += graph.size(object);
    }
    for (int i = 1; i < graph.classes.size(); i++) {
      ClassInfo info = graph.classes.at(i);
      if (isOfUser(info)) {
        Loader loader = loaders.computeIfAbsent(info.loaderId, id -> new Loader(graph.index.ordinal(id)));
        loader.classes++;
        loader.instances += counts[i];
        loader.bytes += bytes[i];
        if (definitions.getOrDefault(info.name, 0) > 1) {
          loader.duplicates++;
          loader.example = info.name;
        }
      }
    }
  }

  /** Hidden classes and arrays have equal names by nature. */
  private static boolean isOfUser(ClassInfo info) {
    return info.loaderId != 0 && info.kind == ClassInfo.INSTANCE && info.name.equals(info.stableName);
  }

  List<Report.Section> sections(int top) {
    Map<String, List<Loader>> byKind = new TreeMap<>();
    loaders.values().forEach(loader -> byKind.computeIfAbsent(
        loader.object == 0 ? "(loader missing in the dump)" : graph.typeOf(loader.object).name, name -> new ArrayList<>()).add(loader));
    List<List<Object>> kinds = new ArrayList<>();
    List<List<Object>> held = new ArrayList<>();
    byKind.forEach((kind, same) -> {
      long classes = same.stream().mapToLong(loader -> loader.classes).sum();
      long duplicates = same.stream().filter(loader -> loader.duplicates > 0).count();
      kinds.add(List.of((long) same.size(), duplicates, classes, same.stream().mapToLong(loader -> loader.bytes).sum(), kind));
      same.stream().filter(loader -> loader.duplicates > 0 && loader.object != 0).forEach(loader -> held.add(row(loader)));
    });
    kinds.sort((a, b) -> Long.compare((Long) b.get(1), (Long) a.get(1)));
    Report.Column classes = new Report.Column("classes", Report.Unit.COUNT);
    return List.of(
        new Report.Table("Kinds of class loaders", List.of(new Report.Column("loaders", Report.Unit.COUNT),
            new Report.Column("with duplicates", Report.Unit.COUNT), classes, new Report.Column("bytes", Report.Unit.BYTES),
            new Report.Column("kind", Report.Unit.TEXT)), kinds.subList(0, Math.min(top, kinds.size()))),
        new Report.Table("Loaders with classes that others have too, and what holds them", List.of(new Report.Column("loader", Report.Unit.TEXT),
            classes, new Report.Column("instances", Report.Unit.COUNT), new Report.Column("duplicate", Report.Unit.TEXT),
            new Report.Column("held by", Report.Unit.TEXT)), held.subList(0, Math.min(top, held.size()))));
  }

  private List<Object> row(Loader loader) {
    String path = walk.isReachable(loader.object)
        ? Step.text(PathWalk.steps(graph, walk.pathTo(loader.object), walk.rootLabel(walk.pathTo(loader.object).get(0))))
        : "(unreachable, waits for the collector)";
    return List.of(graph.describe(loader.object), (long) loader.classes, loader.instances, loader.example, path);
  }
}
