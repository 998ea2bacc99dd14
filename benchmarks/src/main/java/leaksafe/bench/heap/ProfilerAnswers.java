package leaksafe.bench.heap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.ObjectFieldValue;

/** What NetBeans' library, or gridkit's which has its interfaces, says of the values of a class's static fields. */
final class ProfilerAnswers {
  private ProfilerAnswers() {}

  static String paths(Path dump, String type) throws IOException {
    return targets(dump, type).stream().map(ProfilerAnswers::path).collect(Collectors.joining("\n"));
  }

  /** How it says that one object is held. */
  static String path(Path dump, long id) throws IOException {
    return path(HeapFactory.createHeap(dump.toFile()).getInstanceByID(id));
  }

  private static String path(Instance target) {
    StringBuilder text = new StringBuilder();
    int steps = 0;
    for (Instance at = target; at != null && steps < 100; at = at.isGCRoot() ? null : at.getNearestGCRootPointer()) {
      text.append(at.getJavaClass().getName()).append(" <- ");
      steps++;
    }
    return text.toString();
  }

  static String retained(Path dump, String type) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Instance target : targets(dump, type)) {
      text.append(target.getJavaClass().getName()).append(' ').append(target.getRetainedSize()).append('\n');
    }
    return text.toString();
  }

  private static List<Instance> targets(Path dump, String type) throws IOException {
    Heap heap = HeapFactory.createHeap(dump.toFile());
    JavaClass owner = heap.getJavaClassByName(type);
    if (owner == null) {
      throw new IllegalArgumentException("the dump has no class " + type);
    }
    List<Instance> targets = new ArrayList<>();
    for (Object value : owner.getStaticFieldValues()) {
      if (value instanceof ObjectFieldValue field && field.getInstance() != null && !field.getField().getName().startsWith("<")) {
        targets.add(field.getInstance());
      }
    }
    return targets;
  }
}
