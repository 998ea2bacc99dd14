package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionFilesTest {
  @TempDir
  Path directory;

  @Test
  void the_hook_is_there_as_long_as_the_files_and_no_longer() throws Exception {
    InspectionFiles files = new InspectionFiles(directory);
    try (files) {
      Files.writeString(files.dump, "a dump");
      Files.writeString(files.errors, "an error");
      assertThatThrownBy(() -> Runtime.getRuntime().addShutdownHook(files.hook)).hasMessageContaining("previously registered");
      assertThat(files.hook.getContextClassLoader()).isNull();
    }
    assertThat(Runtime.getRuntime().removeShutdownHook(files.hook)).isFalse();
    assertThat(directory).isEmptyDirectory();
  }
}
