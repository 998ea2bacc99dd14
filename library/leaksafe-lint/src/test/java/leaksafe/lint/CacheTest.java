package leaksafe.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;
import org.jspecify.annotations.Nullable;

class CacheTest {
  private static final Path FIXTURES = Path.of("target/test-classes/leaksafe/lint/fixtures");
  /** How many random changes the property is tried on. */
  private static final int CHANGES = 25;

  @TempDir Path folder;

  @Test
  void an_incremental_run_says_what_a_full_run_says() throws IOException {
    List<Path> fixtures;
    try (Stream<Path> files = Files.list(FIXTURES)) {
      fixtures = files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
    Random random = new Random(20261125);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    Path cache = folder.resolve("cache");
    for (int change = 0; change < CHANGES; change++) {
      for (int i = 0; i < 6; i++) {
        Path fixture = fixtures.get(random.nextInt(fixtures.size()));
        Path target = classes.resolve(fixture.getFileName());
        switch (random.nextInt(4)) {
          case 0 -> Files.deleteIfExists(target);
          case 1 -> Files.write(target, withoutFirstField(Files.readAllBytes(fixture)));
          default -> Files.write(target, Files.readAllBytes(fixture));
        }
      }
      LintReport full = LeakLint.paths(classes).scan();
      assertThat(LeakLint.paths(classes).cache(cache).scan()).as("change %d", change).isEqualTo(full);
      assertThat(LeakLint.paths(classes).cache(cache).scan()).as("again after change %d", change).isEqualTo(full);
    }
  }

  /** The same class with other facts: a field less, whose uses stay. */
  private static byte[] withoutFirstField(byte[] bytes) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9, writer) {
      private boolean dropped;

      @Override
      public @Nullable FieldVisitor visitField(int access, String name, String desc, @Nullable String signature, @Nullable Object value) {
        if (!dropped) {
          dropped = true;
          return null;
        }
        return super.visitField(access, name, desc, signature, value);
      }
    }, 0);
    return writer.toByteArray();
  }

  @Test
  void a_damaged_cache_is_ignored_with_a_warning_and_written_anew() throws IOException {
    Path cache = folder.resolve("cache");
    LintReport full = LeakLint.paths(FIXTURES).scan();
    LeakLint.paths(FIXTURES).cache(cache).scan();
    byte[] good = Files.readAllBytes(cache);
    Random random = new Random(7);
    for (int i = 0; i < 10; i++) {
      byte[] bad = good.clone();
      if (i == 0) {
        bad = new byte[0];
      } else if (i == 1) {
        bad = java.util.Arrays.copyOf(good, good.length / 2);
      } else {
        bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
      }
      Files.write(cache, bad);
      LintReport report = LeakLint.paths(FIXTURES).cache(cache).scan();
      assertThat(report.findings()).isEqualTo(full.findings());
      assertThat(report.warnings()).hasSize(full.warnings().size() + 1)
          .anyMatch(warning -> warning.startsWith(cache + ": not a cache that can be used"));
      assertThat(Files.readAllBytes(cache)).isEqualTo(good);
    }
  }

  @Test
  void other_settings_and_other_types_beside_a_class_empty_the_cache() throws IOException {
    Path cache = folder.resolve("cache");
    LeakLint.paths(FIXTURES).cache(cache).scan();
    Path settings = folder.resolve("lint.properties");
    Files.writeString(settings, "removal.methods=println\n");
    assertThat(LeakLint.paths(FIXTURES).cache(cache).settings(settings).scan()).isEqualTo(LeakLint.paths(FIXTURES).settings(settings).scan());
    Path one = Files.copy(FIXTURES.resolve("Growth.class"), folder.resolve("Growth.class"));
    assertThat(LeakLint.paths(one).cache(cache).scan()).isEqualTo(LeakLint.paths(one).scan());
  }

  @Test
  void a_cache_that_cannot_be_written_is_a_warning() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    LintReport report = LeakLint.paths(FIXTURES).cache(file.resolve("below/cache")).scan();
    assertThat(report.findings()).isEqualTo(LeakLint.paths(FIXTURES).scan().findings());
    assertThat(report.warnings()).anyMatch(warning -> warning.contains("the cache cannot be written"));
  }
}
