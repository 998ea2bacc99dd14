package leaksafe.heap.forked;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import leaksafe.heap.Growth;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dumps of a real program with each of the leaks, once with ids of 8 bytes and once with ids of 4: but for sizes the answers are equal. */
@Timeout(120)
class NarrowIdsTest {
  private static final int ROWS = 100_000;

  @TempDir
  Path directory;

  @Test
  void the_answers_do_not_depend_on_the_width_of_ids() throws Exception {
    List<Path> wide = dumps();
    List<Path> narrow = new ArrayList<>();
    for (Path dump : wide) {
      narrow.add(Files.write(Files.createDirectories(directory.resolve("narrow")).resolve(dump.getFileName()), NarrowIds.of(Files.readAllBytes(dump))));
    }
    Growth growth = HeapDump.growth(narrow, HeapOptions.defaults(), 20_000);
    assertThat(growth.paths()).hasSizeGreaterThanOrEqualTo(Shape.values().length);
    assertThat(growth.paths().stream().map(path -> path.path() + path.counts()))
        .containsExactlyInAnyOrderElementsOf(HeapDump.growth(wide, HeapOptions.defaults(), 20_000).paths().stream().map(path -> path.path() + path.counts()).toList());

    HeapOptions contents = HeapOptions.builder().contents(true).build();
    HeapDump old = HeapDump.open(wide.get(1), contents);
    HeapDump dump = HeapDump.open(narrow.get(1), contents);
    assertSame(dump.histogram(ROWS), old.histogram(ROWS));
    assertSame(dump.containers(60), old.containers(60));
    assertSame(dump.loaders(ROWS), old.loaders(ROWS));
    assertSame(dump.ephemerons(ROWS), old.ephemerons(ROWS));
    assertSame(dump.strings(ROWS), old.strings(ROWS));
    assertSame(dump.threads(ROWS), old.threads(ROWS));
    for (Shape shape : Shape.values()) {
      assertSame(dump.why(shape.item.getName(), 5), old.why(shape.item.getName(), 5));
    }
    Report retained = dump.retained(ROWS);
    assertThat(texts(retained.sections().get(2))).containsExactlyInAnyOrderElementsOf(texts(old.retained(ROWS).sections().get(2)));
    assertThat(texts(retained.sections().get(3))).containsExactlyInAnyOrderElementsOf(texts(old.retained(ROWS).sections().get(3)));
  }

  private List<Path> dumps() throws Exception {
    List<Path> dumps = List.of(directory.resolve("first.hprof"), directory.resolve("second.hprof"));
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "-cp", Path.of(Shape.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString(),
        LeakyProgram.class.getName(), dumps.get(0).toString(), dumps.get(1).toString(), "100", "200"));
    Arrays.stream(Shape.values()).forEach(shape -> command.add(shape.name()));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertThat(child.waitFor()).isZero();
    return dumps;
  }

  private static void assertSame(Report narrow, Report wide) {
    assertThat(narrow.sections()).hasSameSizeAs(wide.sections());
    for (int i = 0; i < narrow.sections().size(); i++) {
      assertThat(texts(narrow.sections().get(i))).as(narrow.title()).isNotEmpty().containsExactlyInAnyOrderElementsOf(texts(wide.sections().get(i)));
    }
  }

  /** The rows of a table, or the nodes of a tree with those above them, without bytes. */
  private static List<String> texts(Report.Section section) {
    List<String> texts = new ArrayList<>();
    if (section instanceof Report.Table table) {
      for (List<Object> row : table.rows()) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
          text.append(table.columns().get(i).unit() == Report.Unit.BYTES ? "" : row.get(i) + " | ");
        }
        texts.add(text.toString());
      }
    } else if (section instanceof Report.Tree tree) {
      tree.roots().forEach(root -> add(root, "", texts));
    }
    return texts;
  }

  private static void add(Report.Node node, String above, List<String> texts) {
    String text = above + " | " + node.label() + " " + node.count();
    texts.add(text);
    node.children().forEach(child -> add(child, text, texts));
  }
}
