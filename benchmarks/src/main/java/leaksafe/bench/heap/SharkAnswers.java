package leaksafe.bench.heap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import shark.CloseableHeapGraph;
import shark.HeapAnalyzer;
import shark.HeapField;
import shark.HeapObject;
import shark.HprofHeapGraph;
import shark.HprofRecordTag;
import shark.MetadataExtractor;
import shark.OnAnalysisProgressListener;

/** What Shark says. */
final class SharkAnswers {
  private SharkAnswers() {}

  /** What it says of the values of a class's static fields. */
  static String of(Path dump, String type, boolean retained) {
    try (CloseableHeapGraph graph = open(dump)) {
      Set<Long> targets = new HashSet<>();
      for (var fields = named(graph, type).readStaticFields().iterator(); fields.hasNext(); ) {
        HeapField field = fields.next();
        Long id = field.getValue().getAsNonNullObjectId();
        if (id != null && field.getValue().getAsObject() instanceof HeapObject.HeapInstance) {
          targets.add(id);
        }
      }
      return analyze(dump, graph, targets, retained);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How it says that one object is held. */
  static String path(Path dump, long id) {
    try (CloseableHeapGraph graph = open(dump)) {
      return analyze(dump, graph, Set.of(id), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The id of the instance in the midst of all of a class. */
  static long instance(Path dump, String type) {
    try (CloseableHeapGraph graph = open(dump)) {
      List<Long> ids = new ArrayList<>();
      for (var instances = named(graph, type).getInstances().iterator(); instances.hasNext(); ) {
        ids.add(instances.next().getObjectId());
      }
      return ids.get(ids.size() / 2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CloseableHeapGraph open(Path dump) {
    return HprofHeapGraph.Companion.openHeapGraph(dump.toFile(), null, HprofRecordTag.Companion.getRootTags());
  }

  private static HeapObject.HeapClass named(CloseableHeapGraph graph, String type) {
    HeapObject.HeapClass found = graph.findClassByName(type);
    if (found == null) {
      throw new IllegalArgumentException("the dump has no class " + type);
    }
    return found;
  }

  private static String analyze(Path dump, CloseableHeapGraph graph, Set<Long> targets, boolean retained) {
    HeapAnalyzer analyzer = new HeapAnalyzer(OnAnalysisProgressListener.Companion.getNO_OP());
    return analyzer.analyze(dump.toFile(), graph, ignored -> targets, List.of(), retained, List.of(), MetadataExtractor.Companion.getNO_OP())
        .toString();
  }
}
