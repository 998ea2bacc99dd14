package leaksafe.bench.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces that users bring along. */
class TraceTest {
  @TempDir
  private Path folder;

  @Test
  void a_key_is_a_line_with_its_spaces() throws IOException {
    Path file = write("web.log.txt", "/a b\n/a c\n\n/a b\n/d\n");

    Trace trace = Trace.read(Trace.list(file).get(0), 100);

    assertThat(trace.name()).isEqualTo("web.log");
    assertThat(trace.ids()).containsExactly(0, 1, 0, 2);
    assertThat(trace.distinct()).isEqualTo(3);
  }

  @Test
  void keys_beyond_ascii_stay_apart() throws IOException {
    Path file = write("umlauts.txt", "ä\nö\nä\n");

    assertThat(Trace.read(Trace.list(file).get(0), 100).ids()).containsExactly(0, 1, 0);
  }

  @Test
  void no_more_is_read_than_the_limit() throws IOException {
    Path file = write("long.txt", "1\n2\n3\n4\n");

    assertThat(Trace.read(Trace.list(file).get(0), 3).ids()).containsExactly(0, 1, 2);
  }

  @Test
  void a_folder_lists_its_traces_and_not_what_lies_beside_them() throws IOException {
    Path traces = Files.createDirectory(folder.resolve("traces"));
    for (String name : new String[] {"b.txt", "a.ids.xz", "a.weights.xz", "README.md"}) {
      Files.createFile(traces.resolve(name));
    }

    assertThat(Trace.list(traces)).extracting(Trace.Source::name).containsExactly("a", "b");
  }

  private Path write(String name, String text) throws IOException {
    return Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }
}
