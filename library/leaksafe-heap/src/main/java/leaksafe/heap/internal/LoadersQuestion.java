package leaksafe.heap.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.Report;

/**
 * Class loaders that are there several times or were closed. Loaders of one class that define classes of equal names are generations of
 * one application, and all but one are stale as a rule; those for which no thread works come first, and paths say what holds them.
 */
final class LoadersQuestion {
  private static final class Loader {
    final int object;
    LoaderStates.State state = LoaderStates.State.UNKNOWN;
    int classes;
    long instances;
    long bytes;
    String example = "";
    int duplicates;

    Loader(int object) {
      this.object = object;
    }

    boolean isStale() {
      return state == LoaderStates.State.CLOSED || state == LoaderStates.State.REPLACED;
    }
  }

  private static final int EXPLAINED = 3;
  private static final int PATHS = 4;

  private final HeapGraph graph;
  private final PathWalk walk;
  private final Map<Long, Loader> loaders = new HashMap<>();

  LoadersQuestion(HeapGraph graph, PathWalk walk) throws IOException {
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
      int index = graph.classOf(object);
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
    LoaderStates states = new LoaderStates(graph);
    loaders.values().forEach(loader -> loader.state = loader.object == 0 ? LoaderStates.State.UNKNOWN : states.of(loader.object, loader.duplicates > 0));
    states.release();
  }

  /** Hidden classes and arrays have equal names by nature. */
  private static boolean isOfUser(ClassInfo info) {
    return info.loaderId != 0 && info.kind == ClassInfo.INSTANCE && info.name.equals(info.stableName);
  }

  List<Report.Section> sections(int top) throws HeapDumpException {
    Map<String, List<Loader>> byKind = new TreeMap<>();
    loaders.values().forEach(loader -> byKind.computeIfAbsent(
        loader.object == 0 ? "(loader missing in the dump)" : graph.typeOf(loader.object).name, name -> new ArrayList<>()).add(loader));
    List<List<Object>> kinds = new ArrayList<>();
    byKind.forEach((kind, same) -> kinds.add(List.of((long) same.size(), same.stream().filter(loader -> loader.duplicates > 0).count(),
        same.stream().filter(Loader::isStale).count(), same.stream().mapToLong(loader -> loader.classes).sum(),
        same.stream().mapToLong(loader -> loader.bytes).sum(), kind)));
    kinds.sort((a, b) -> Long.compare((Long) b.get(2), (Long) a.get(2)));
    List<Loader> listed = new ArrayList<>(loaders.values());
    listed.removeIf(loader -> loader.object == 0 || loader.duplicates == 0 && loader.state != LoaderStates.State.CLOSED);
    listed.sort(Comparator.comparing((Loader loader) -> loader.state).thenComparing(loader -> -loader.bytes).thenComparing(loader -> loader.object));
    Report.Column classes = new Report.Column("classes", Report.Unit.COUNT);
    Report.Column bytes = new Report.Column("bytes", Report.Unit.BYTES);
    List<Report.Section> sections = new ArrayList<>();
    sections.add(new Report.Table("Kinds of class loaders", List.of(new Report.Column("loaders", Report.Unit.COUNT),
        new Report.Column("with duplicates", Report.Unit.COUNT), new Report.Column("stale", Report.Unit.COUNT), classes, bytes,
        new Report.Column("kind", Report.Unit.TEXT)), kinds.subList(0, Math.min(top, kinds.size()))));
    sections.add(new Report.Table("Loaders that were closed, or with classes that others have too, and what holds them",
        List.of(new Report.Column("loader", Report.Unit.TEXT), new Report.Column("state", Report.Unit.TEXT), classes,
            new Report.Column("instances", Report.Unit.COUNT), bytes, new Report.Column("duplicate", Report.Unit.TEXT),
            new Report.Column("held by", Report.Unit.TEXT)),
        listed.stream().limit(top).map(this::row).toList()));
    WhyQuestion why = new WhyQuestion(graph, walk, PATHS, new BitSet());
    for (Loader loader : listed.stream().filter(Loader::isStale).filter(loader -> walk.isReachable(loader.object)).limit(EXPLAINED).toList()) {
      sections.add(why.object(loader.object));
    }
    return sections;
  }

  private List<Object> row(Loader loader) {
    String path = walk.isReachable(loader.object)
        ? Step.text(PathWalk.steps(graph, walk.pathTo(loader.object), walk.rootLabel(walk.pathTo(loader.object).get(0))))
        : "(unreachable, waits for the collector)";
    return List.of(graph.describe(loader.object), loader.state.text, (long) loader.classes, loader.instances, loader.bytes, loader.example, path);
  }
}
