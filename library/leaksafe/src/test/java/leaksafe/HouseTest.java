package leaksafe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the floors of the house: imports go down only. And its rooms small: no main source file has more than 500 lines. */
class HouseTest {
  private static final int MOST_LINES = 500;

  private static final JavaClasses CLASSES =
      new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("leaksafe");

  @Test
  void imports_go_down_the_floors_only() {
    layeredArchitecture().consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("words").definedBy("leaksafe")
        .layer("engine").definedBy("leaksafe.internal")
        .layer("cache").definedBy("leaksafe.cache..")
        .layer("registry").definedBy("leaksafe.registry..")
        .layer("resource").definedBy("leaksafe.resource..")
        .layer("census").definedBy("leaksafe.census..")
        .layer("log").definedBy("leaksafe.log..")
        .layer("memo").definedBy("leaksafe.memo..")
        .layer("event").definedBy("leaksafe.event..")
        .layer("pool").definedBy("leaksafe.pool..")
        .layer("watch").definedBy("leaksafe.watch..")
        .whereLayer("cache").mayOnlyBeAccessedByLayers("memo")
        .whereLayer("registry").mayOnlyBeAccessedByLayers("event", "memo")
        .whereLayer("resource").mayOnlyBeAccessedByLayers("pool")
        .whereLayer("census").mayOnlyBeAccessedByLayers("watch")
        .whereLayer("log").mayNotBeAccessedByAnyLayer()
        .whereLayer("memo").mayNotBeAccessedByAnyLayer()
        .whereLayer("event").mayNotBeAccessedByAnyLayer()
        .whereLayer("pool").mayNotBeAccessedByAnyLayer()
        .whereLayer("watch").mayNotBeAccessedByAnyLayer()
        // The words reach into the engine for one thing: the loggers behind the default listeners.
        .check(CLASSES);
  }

  @Test
  void the_words_use_nothing_of_the_engine_but_reports() {
    noClasses().that().resideInAPackage("leaksafe")
        .should().dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe("are in the engine, Reports aside",
            type -> type.getPackageName().startsWith("leaksafe.internal") && !type.getSimpleName().equals("Reports")))
        .check(CLASSES);
  }

  @Test
  void nobody_makes_threads_but_the_engine_and_scopes() {
    noClasses().that().resideOutsideOfPackages("leaksafe.internal", "leaksafe.resource..", "leaksafe.census..", "leaksafe.watch..")
        .should().callConstructor(Thread.class).orShould().callConstructor(Thread.class, Runnable.class)
        .check(CLASSES);
  }

  @Test
  void nobody_uses_thread_locals_but_per_thread() {
    noClasses().that().doNotHaveSimpleName("PerThread").and().resideOutsideOfPackage("leaksafe.resource..")
        .should().dependOnClassesThat().areAssignableTo(ThreadLocal.class)
        .check(CLASSES);
  }

  @Test
  void no_monitor_is_waited_for() {
    noClasses().should().callMethod(Object.class, "wait").orShould().callMethod(Object.class, "wait", long.class).check(CLASSES);
  }

  @Test
  void nobody_takes_a_monitor() throws IOException {
    List<String> taking = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Files.readAllLines(file).stream().filter(line -> line.matches("\\s*([a-z]+ )*synchronized\\b.*[({].*"))
            .filter(line -> !line.contains("fillInStackTrace")) // which is synchronized in the JDK
            .forEach(line -> taking.add(file + ": " + line.strip()));
      }
    }
    assertThat(taking).as("virtual threads would pin their carriers").isEmpty();
  }

  @Test
  void no_main_source_file_of_any_module_has_more_than_500_lines() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent().getParent();
    Map<String, Integer> lines = new TreeMap<>();
    for (Path main : mainSources(root)) {
      try (Stream<Path> files = Files.walk(main)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          lines.put(root.relativize(file).toString(), Files.readAllLines(file).size());
        }
      }
    }
    assertThat(lines.keySet()).as("the files read under " + root).anyMatch(file -> file.endsWith("/Cache.java"))
        .anyMatch(file -> file.endsWith("/LeakLint.java"));
    lines.values().removeIf(count -> count <= MOST_LINES);
    assertThat(lines).as("files that want cutting into more classes").isEmpty();
  }

  /** The main sources of every module: the library's, the samples', the benchmarks'. */
  private static List<Path> mainSources(Path root) throws IOException {
    try (Stream<Path> folders = Files.find(root, 4, (path, attributes) -> attributes.isDirectory() && path.endsWith("src/main"))) {
      return folders.sorted().toList();
    }
  }
}
