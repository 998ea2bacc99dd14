package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import leaksafe.heap.HeapDumpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
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

  @Test
  void an_analysis_that_fails_or_takes_too_long_leaves_no_file_and_no_process() {
    assertThatThrownBy(() -> ChildVm.why(null, directory, 60)).isInstanceOf(HeapDumpException.class)
        .hasMessageContaining("the child VM that analyses the dump failed: ").hasMessageContaining("the dump has no marked object");
    assertThat(directory).isEmptyDirectory();
    assertThatThrownBy(() -> ChildVm.summary(directory, 0)).isInstanceOf(HeapDumpException.class)
        .hasMessage("the analysis took longer than 0 s and was stopped");
    assertThat(directory).isEmptyDirectory();
    ProcessHandle.current().children().forEach(child -> child.onExit().join());
  }
}
