package leaksafe.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with one file: a warning that starts with its name, and the findings of the others. */
class HostileInputTest {
  private static final Path FIXTURES = Path.of("target/test-classes/leaksafe/lint/fixtures");

  @TempDir Path folder;
  private byte[] growth = {};
  private byte[] calls = {};

  @BeforeEach
  void read() throws IOException {
    growth = Files.readAllBytes(FIXTURES.resolve("Growth.class"));
    calls = Files.readAllBytes(FIXTURES.resolve("Calls.class"));
  }

  @Test
  void broken_class_files() throws IOException {
    byte[] future = growth.clone();
    future[7] = (byte) 200;
    Map<String, byte[]> broken = Map.of("Cut.class", half(growth), "Empty.class", new byte[0], "Text.class", text("no class"),
        "Future.class", future);
    for (Map.Entry<String, byte[]> file : broken.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    LintReport report = scanBesideCalls();
    assertThat(report.warnings()).hasSameSizeAs(broken.keySet()).allMatch(warning -> warning.contains(": not a class file that can be read: "));
    broken.keySet().forEach(name -> assertNamed(report, folder.resolve(name).toString()));
  }

  @Test
  void broken_jars() throws IOException {
    byte[] jar = jar(Map.of("Growth.class", growth));
    Files.write(folder.resolve("broken.jar"), text("no jar"));
    Files.write(folder.resolve("nothing.jar"), new byte[0]);
    Files.write(folder.resolve("cut.jar"), half(jar));
    Files.write(folder.resolve("headless.jar"), Arrays.copyOf(jar, jar.length - 10));
    LintReport report = scanBesideCalls();
    for (String name : new String[] {"broken.jar", "nothing.jar", "cut.jar", "headless.jar"}) {
      assertNamed(report, folder.resolve(name) + ": not a whole archive");
    }
    assertNamed(report, folder.resolve("cut.jar") + ": broken off after 0 entries");
    assertThat(report.findings()).as("what is whole in headless.jar").extracting(Finding::member)
        .contains("leaksafe.lint.fixtures.Growth#badList");
  }

  @Test
  void a_jar_with_one_broken_entry_is_read_but_for_that() throws IOException {
    byte[] jar = jar(Map.of("leaksafe/Growth.class", growth));
    int data = 30 + "leaksafe/Growth.class".length();
    Arrays.fill(jar, data, data + 40, (byte) 0xff);
    Path file = Files.write(folder.resolve("entry.jar"), jar);
    assertNamed(scanBesideCalls(), file + "!/leaksafe/Growth.class: cannot be read: ");
  }

  @Test
  void a_jar_behind_a_script_that_starts_it() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(text("#!/bin/sh\nexec java -jar \"$0\"\n"));
    bytes.write(jar(Map.of("Growth.class", growth)));
    Files.write(folder.resolve("executable.jar"), bytes.toByteArray());
    assertThat(scanBesideCalls().findings()).extracting(Finding::member).contains("leaksafe.lint.fixtures.Growth#badList");
  }

  @Test
  void duplicate_classes() throws IOException {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path two = Files.createDirectory(folder.resolve("two"));
    Files.write(one.resolve("Growth.class"), growth);
    Files.write(two.resolve("Growth.class"), Arrays.copyOf(growth, growth.length + 1));
    Files.write(two.resolve("Calls.class"), calls);
    LintReport report = LeakLint.paths(one, two).scan();
    assertNamed(report, two.resolve("Growth.class") + ": leaksafe.lint.fixtures.Growth was already read from " + one.resolve("Growth.class"));
    assertThat(report.findings()).extracting(Finding::member)
        .contains("leaksafe.lint.fixtures.Growth#badList", "leaksafe.lint.fixtures.Calls#badHook");
    assertThat(LeakLint.paths(one, one).scan().warnings()).as("the same bytes twice").noneMatch(warning -> warning.contains("already read"));
  }

  @Test
  void missing_supertypes() throws IOException {
    Path file = Files.copy(FIXTURES.resolve("ConcreteMissing.class"), folder.resolve("ConcreteMissing.class"));
    LintReport report = scanBesideCalls();
    assertThat(report.warnings()).singleElement().isEqualTo(file + ": its supertype leaksafe.lint.fixtures.Missing is not among the classes read, "
        + "nor is another; what it adds or removes is not seen: give its jar as context");
    assertThat(report.findings()).extracting(Finding::member).contains("leaksafe.lint.fixtures.ConcreteMissing#badAlone");
    LintReport whole = LeakLint.paths(file).context(FIXTURES.resolve("Missing.class"), FIXTURES.resolve("MissingToo.class")).scan();
    assertThat(whole.warnings()).isEmpty();
  }

  @Test
  void multi_release_jars() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("META-INF/versions/21/leaksafe/lint/fixtures/Calls.class", calls);
    entries.put("leaksafe/lint/fixtures/Calls.class", half(calls));
    entries.put("META-INF/versions/99/leaksafe/lint/fixtures/Growth.class", half(growth));
    entries.put("META-INF/versions/x/leaksafe/lint/fixtures/Growth.class", growth);
    entries.put("module-info.class", half(calls));
    Path file = Files.write(folder.resolve("multi.jar"), jar(entries));
    LintReport report = LeakLint.paths(folder).scan();
    assertThat(report.findings()).extracting(Finding::member).contains("leaksafe.lint.fixtures.Calls#badHook");
    assertNamed(report, file + "!/META-INF/versions/99/leaksafe/lint/fixtures/Growth.class: not a class file that can be read");
  }

  @Test
  void nested_jars() throws IOException {
    byte[] tower = jar(Map.of("Growth.class", growth));
    for (int level = 0; level < 6; level++) {
      tower = jar(Map.of("next.jar", tower));
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("lib/broken.jar", text("no jar"));
    entries.put("lib/cut.jar", half(jar(Map.of("Growth.class", growth))));
    entries.put("lib/tower.war", tower);
    entries.put("lib/good.jar", jar(Map.of("leaksafe/lint/fixtures/Growth.class", growth)));
    Path file = Files.write(folder.resolve("outer.jar"), jar(entries));
    LintReport report = scanBesideCalls();
    assertNamed(report, file + "!/lib/broken.jar: not an archive");
    assertNamed(report, file + "!/lib/cut.jar: broken off");
    assertNamed(report, file + "!/lib/tower.war!/next.jar!/next.jar!/next.jar!/next.jar: left out, archives are followed 4 deep");
    assertThat(report.findings()).extracting(Finding::member).contains("leaksafe.lint.fixtures.Growth#badList");
  }

  @Test
  void empty_directories_and_directories_named_like_files() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Files.createDirectory(folder.resolve("directory.jar"));
    Files.createDirectory(folder.resolve("Directory.class"));
    Path good = Files.write(folder.resolve("Calls.class"), calls);
    LintReport report = LeakLint.paths(empty, good).scan();
    assertNamed(report, empty + ": holds no class files");
    assertThat(report.findings()).extracting(Finding::member).contains("leaksafe.lint.fixtures.Calls#badHook");
    assertThat(LeakLint.paths(folder).scan().findings()).as("directories named like files").isEqualTo(report.findings());
  }

  @Test
  void a_file_that_cannot_be_read() throws IOException {
    Path memory = Path.of("/proc/self/mem"); // whose first page nobody can read, not even an administrator
    assumeTrue(Files.exists(memory), "there is no /proc here");
    Path file = Files.createSymbolicLink(folder.resolve("Unreadable.class"), memory);
    assertNamed(scanBesideCalls(), file + ": cannot be read: ");
  }

  /** Scans the folder, in which there is one class file without fault. */
  private LintReport scanBesideCalls() throws IOException {
    Files.write(Files.createDirectories(folder.resolve("z/good")).resolve("Calls.class"), calls);
    LintReport report = LeakLint.paths(folder).scan();
    assertThat(report.findings()).as("the rest is analysed").extracting(Finding::member).contains("leaksafe.lint.fixtures.Calls#badHook");
    return report;
  }

  private static void assertNamed(LintReport report, String start) {
    assertThat(report.warnings()).anyMatch(warning -> warning.startsWith(start));
  }

  private static byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] jar(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
