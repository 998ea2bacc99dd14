package leaksafe.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamplesPageTest {

  @Test
  void the_page_lists_every_sample_and_no_other() throws Exception {
    Set<String> listed = Pattern.compile("^\\| `(Sample\\w+)` ", Pattern.MULTILINE).matcher(Files.readString(Path.of("README.md"))).results()
        .map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));
    Set<String> there = new TreeSet<>(List.of("Sample20_LeakFreeTest"));
    try (Stream<Path> files = Files.list(Path.of("src/main/java/leaksafe/samples"))) {
      files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("Sample")).map(name -> name.replace(".java", ""))
          .forEach(there::add);
    }
    assertThat(listed).isEqualTo(there);
  }
}
