package leaksafe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps the README's Java equal to the compiled regions of {@link Snippets}. */
class ReadmeTest {
  private static final Path README = Path.of("../../README.md");
  private static final Path SNIPPETS = Path.of("src/test/java/leaksafe/Snippets.java");
  private static final Pattern FENCE = Pattern.compile("(?:<!-- snippet: (\\w+) -->\\n)?```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern REGION = Pattern.compile("// @start region=\"(\\w+)\"\\n(.*?) *// @end", Pattern.DOTALL);

  @Test
  void every_piece_of_java_in_the_readme_is_a_compiled_snippet() throws IOException {
    Map<String, String> regions = new LinkedHashMap<>();
    Matcher region = REGION.matcher(Files.readString(SNIPPETS));
    while (region.find()) {
      regions.put(region.group(1), region.group(2).stripTrailing().stripIndent() + "\n");
    }
    Matcher fence = FENCE.matcher(Files.readString(README));
    int fences = 0;
    while (fence.find()) {
      fences++;
      assertThat(fence.group(1)).as("the comment <!-- snippet: NAME --> before the fence\n%s", fence.group(2)).isIn(regions.keySet());
      assertThat(fence.group(2)).as("README's snippet %s", fence.group(1)).isEqualTo(regions.get(fence.group(1)));
    }
    assertThat(fences).as("fences found in the README").isPositive();
  }
}
