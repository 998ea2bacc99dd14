package leaksafe.heap.forked;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leaksafe.heap.GrownPath;
import leaksafe.heap.Growth;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The correctness matrix: each way to leak under each collector, asked of growth, why, retained, containers and, where it applies,
 * loaders and ephemerons. A cell is right if all name the field that holds the leak, with exact counts, and a retained size within a
 * fifth of the weight of the items. One program per collector holds all leaks at once. The slow build has a program of its own for each
 * cell, on this JDK and the one that {@code -DotherJdk} names, and writes the table to {@code target/heap-matrix.txt}.
 */
@Timeout(600)
class MatrixTest {
  private static final List<String> COLLECTORS = List.of("Serial", "Parallel", "G1", "Z");
  private static final boolean SLOW = Integer.getInteger("seeds", 0) >= 5000;
  private static final int FIRST = 400;
  private static final int SECOND = 700;

  @TempDir
  Path directory;

  /** What is wrong in each cell; empty if nothing is. */
  private final Map<String, Map<Shape, List<String>>> columns = new LinkedHashMap<>();

  @Test
  void every_leak_is_found_under_every_collector() throws Exception {
    for (Path jdk : jdks()) {
      for (String collector : COLLECTORS) {
        Map<Shape, List<String>> cells = columns.computeIfAbsent(version(jdk) + " " + collector, name -> new LinkedHashMap<>());
        if (SLOW) {
          for (Shape shape : Shape.values()) {
            cells.putAll(check(jdk, collector, List.of(shape)));
          }
        } else {
          cells.putAll(check(jdk, collector, List.of(Shape.values())));
        }
      }
    }
    System.out.print(table());
    if (SLOW) {
      Files.writeString(Path.of("target", "heap-matrix.txt"), table());
    }
    columns.forEach((column, cells) -> cells.forEach((shape, wrong) -> assertThat(wrong).as(column + ", " + shape).isEmpty()));
  }

  private static List<Path> jdks() {
    Path own = Path.of(System.getProperty("java.home"));
    String other = System.getProperty("otherJdk");
    return !SLOW || other == null || Path.of(other).equals(own) ? List.of(own) : List.of(own, Path.of(other));
  }

  private static String version(Path jdk) throws Exception {
    return "JDK " + Files.readAllLines(jdk.resolve("release")).stream().filter(line -> line.startsWith("JAVA_VERSION="))
        .map(line -> line.replaceAll("[^0-9.]", "").replaceAll("\\..*", "")).findFirst().orElseThrow();
  }

  private Map<Shape, List<String>> check(Path jdk, String collector, List<Shape> shapes) throws Exception {
    Path first = directory.resolve("first.hprof");
    Path second = directory.resolve("second.hprof");
    Path output = directory.resolve("output.txt");
    List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString(), "-Xmx128m", "-XX:TieredStopAtLevel=1",
        "-XX:+Use" + collector + "GC", "-cp", Path.of(Shape.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString(),
        LeakyProgram.class.getName(), first.toString(), second.toString(), Integer.toString(FIRST), Integer.toString(SECOND)));
    shapes.forEach(shape -> command.add(shape.name()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor()).as(() -> command + ": " + read(output)).isZero();
    Growth growth = HeapDump.growth(List.of(first, second), HeapOptions.defaults(), Growth.DEFAULT_MINIMUM_BYTES);
    HeapDump dump = HeapDump.open(second);
    Report.Table byPath = (Report.Table) dump.retained(1000).sections().get(3);
    Report.Table containers = (Report.Table) dump.containers(200).sections().get(0);
    String loaders = dump.loaders(50).toText();
    Report.Table ephemerons = (Report.Table) dump.ephemerons(50).sections().get(0);
    Map<Shape, List<String>> cells = new LinkedHashMap<>();
    for (Shape shape : shapes) {
      List<String> wrong = new ArrayList<>();
      checkGrowth(shape, growth, wrong);
      if (!dump.why(shape.item.getName(), 3).toText().contains(shape.inTree)) {
        wrong.add("why: " + dump.why(shape.item.getName(), 3).toText());
      }
      checkRetained(shape, byPath, wrong);
      checkContainers(shape, containers, wrong);
      if (shape == Shape.CLASS_LOADER && !(loaders.contains(shape.item.getName()) && loaders.contains(shape.inPath))) {
        wrong.add("loaders: " + loaders);
      }
      if (shape == Shape.EPHEMERON && ephemerons.rows().stream().noneMatch(
          row -> row.get(0).equals((long) SECOND) && row.get(1).toString().contains(shape.inPath))) {
        wrong.add("ephemerons: " + ephemerons);
      }
      cells.put(shape, wrong);
    }
    Files.delete(first);
    Files.delete(second);
    return cells;
  }

  private static void checkGrowth(Shape shape, Growth growth, List<String> wrong) {
    List<GrownPath> own = growth.paths().stream().filter(path -> path.path().contains(shape.inPath)).toList();
    long more = shape.count(SECOND) - shape.count(FIRST);
    if (own.size() != 1 || own.get(0).grownBy() != more) {
      wrong.add("growth: by " + more + ", but " + (own.isEmpty() ? growth.paths() : own));
    }
  }

  private static void checkRetained(Shape shape, Report.Table byPath, List<String> wrong) {
    String end = "-> " + shape.collection.substring(shape.collection.lastIndexOf('.') + 1);
    long weight = (long) SECOND * Shape.ITEM_BYTES;
    long most = byPath.rows().stream().filter(row -> row.get(2).toString().contains(shape.inPath) && row.get(2).toString().endsWith(end))
        .mapToLong(row -> (Long) row.get(0)).max().orElse(0);
    if (most < weight || most > weight + weight / 5) {
      wrong.add("retained: " + most + " instead of " + weight + " and a little more");
    }
  }

  private static void checkContainers(Shape shape, Report.Table containers, List<String> wrong) {
    long size = shape.count(SECOND);
    if (containers.rows().stream().noneMatch(row -> row.get(0).equals(size) && row.get(3).equals(shape.collection)
        && row.get(4).toString().contains(shape.inPath.substring(shape.inPath.lastIndexOf('.') + 1)))) {
      wrong.add("containers: no " + shape.collection + " of " + size + " in " + shape.inPath + " among "
          + containers.rows().stream().filter(row -> row.get(3).equals(shape.collection) || row.get(4).toString().contains("Shape")).toList());
    }
  }

  private String table() {
    StringBuilder text = new StringBuilder(String.format("%-17s", "")).append(String.join("  ", columns.keySet())).append('\n');
    for (Shape shape : Shape.values()) {
      text.append(String.format("%-17s", shape.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')));
      columns.forEach((column, cells) -> {
        List<String> wrong = cells.get(shape);
        String cell = wrong.isEmpty() ? "right" : wrong.stream().map(w -> w.substring(0, w.indexOf(':'))).collect(Collectors.joining(","));
        text.append(cell).append(" ".repeat(Math.max(0, column.length() + 2 - cell.length())));
      });
      text.append('\n');
    }
    return text.toString();
  }

  private static String read(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.collect(Collectors.joining("\n"));
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
