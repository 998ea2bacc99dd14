package leaksafe.bench.heap;

import java.nio.file.Path;
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

/** What Shark says of the values of a class's static fields. */
final class SharkAnswers {
  private SharkAnswers() {}

  static String of(Path dump, String type, boolean retained) {
    try (CloseableHeapGraph graph = HprofHeapGraph.Companion.openHeapGraph(dump.toFile(), null, HprofRecordTag.Companion.getRootTags())) {
      HeapObject.HeapClass owner = graph.findClassByName(type);
      if (owner == null) {
        throw new IllegalArgumentException("the dump has no class " + type);
      }
      Set<Long> targets = new HashSet<>();
      for (var fields = owner.readStaticFields().iterator(); fields.hasNext(); ) {
        HeapField field = fields.next();
        Long id = field.getValue().getAsNonNullObjectId();
        if (id != null && field.getValue().getAsObject() instanceof HeapObject.HeapInstance) {
          targets.add(id);
        }
      }
      HeapAnalyzer analyzer = new HeapAnalyzer(OnAnalysisProgressListener.Companion.getNO_OP());
      return analyzer.analyze(dump.toFile(), graph, ignored -> targets, List.of(), retained, List.of(), MetadataExtractor.Companion.getNO_OP())
          .toString();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
