package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.OtherVm;
import leaksafe.heap.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A large real program, the Maven that runs this build: what the three modes say of it must agree. Skipped where no Maven runs the tests. */
@Timeout(180)
class MavenDumpTest {
  @TempDir
  Path directory;

  @Test
  void the_modes_agree_on_the_heap_of_the_build() throws Exception {
    Optional<ProcessHandle> maven = maven();
    assumeTrue(maven.isPresent(), "no Maven runs this test");
    Path dump = directory.resolve("maven.hprof");
    OtherVm.dump(maven.get().pid(), dump);

    HeapGraph graph = GraphBuilder.read(dump, HeapOptions.defaults());
    assertThat(graph.file.problems.list()).isEmpty();
    PathWalk walk = new PathWalk(graph, new BitSet());
    Dominators dominators = new Dominators(graph, PathWalk.rootsOf(graph));
    assertThat(dominators.count()).isEqualTo(walk.reached()).isGreaterThan(100_000);
    assertThat(dominators.retained(0)).isEqualTo(walk.reachedBytes());
    long objects = 0;
    for (int node = 1; node < walk.tree.size(); node++) {
      objects += walk.tree.count(node);
    }
    assertThat(objects).isEqualTo(walk.reached());
    // A tenth or more of a live heap hangs on fields of java.lang.Class, caches of reflection above all, which dumps do not have.
    assertThat(walk.reached()).as("a dump of live objects").isGreaterThan(graph.count / 2);

    List<List<Object>> containers = ((Report.Table) HeapDump.open(dump).containers(200).sections().get(0)).rows();
    assertThat(containers).hasSize(200);
    long mostBytes = containers.stream().flatMap(List::stream).filter(Long.class::isInstance).mapToLong(Long.class::cast).max().orElseThrow();
    assertThat(mostBytes).as("no figure of the census is beyond the graph's heap").isLessThan(walk.reachedBytes());
    assertThat(containers.stream().filter(row -> row.get(3).equals("java.util.HashMap")).mapToLong(row -> (Long) row.get(0)).max().orElseThrow())
        .as("the census reads the size that a map says it has, the graph has its entries").isEqualTo(entriesOfLargestMap(graph));
    String realms = HeapDump.open(dump).why("org.codehaus.plexus.classworlds.realm.ClassRealm", 3).toText();
    assertThat(realms).contains("└─").contains(": org.codehaus.plexus.classworlds.realm.ClassRealm");
  }

  private static long entriesOfLargestMap(HeapGraph graph) {
    long most = 0;
    HeapGraph.Cursor table = new HeapGraph.Cursor();
    for (int object = 1; object <= graph.count; object++) {
      if (graph.isClass(object) || !graph.typeOf(object).name.equals("java.util.HashMap") || follow(graph, object, "table") == 0) {
        continue;
      }
      graph.open(follow(graph, object, "table"), table);
      long entries = 0;
      for (int i = table.from; i < table.to; i++) {
        for (int node = table.targets[i]; node != 0; node = follow(graph, node, "next")) {
          entries++;
        }
      }
      most = Math.max(most, entries);
    }
    return most;
  }

  private static int follow(HeapGraph graph, int object, String field) {
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    graph.open(object, cursor);
    for (int i = cursor.from; i < cursor.to; i++) {
      if (graph.classes.labels.text(cursor.label(i, graph.classes.labels)).equals(field)) {
        return cursor.targets[i];
      }
    }
    return 0;
  }

  private static Optional<ProcessHandle> maven() {
    Optional<ProcessHandle> at = ProcessHandle.current().parent();
    while (at.isPresent() && !at.get().info().commandLine().orElse("").contains("org.codehaus.plexus.classworlds.launcher.Launcher")) {
      at = at.get().parent();
    }
    return at;
  }
}
