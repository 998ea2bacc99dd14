package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import leaksafe.heap.HeapDumpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskRoomTest {
  @TempDir
  Path directory;

  @Test
  void a_dump_that_would_fill_the_disk_is_refused_with_what_it_needs_and_what_there_is() throws Exception {
    long free = Files.getFileStore(directory).getUsableSpace();
    Path dump = directory.resolve("heap.hprof");
    assertThatThrownBy(() -> ChildVm.checkDisk(dump, free)).isInstanceOf(HeapDumpException.class)
        .hasMessageMatching("a dump needs up to [\\d.]+ [kMGT]?B in \\Q" + directory + "\\E, but only [\\d.]+ [kMGT]?B are free: name another directory");
    assertThatThrownBy(() -> ChildVm.checkDisk(dump, Long.MAX_VALUE / 2)).isInstanceOf(HeapDumpException.class);
  }

  /** A dump has up to one and a half times the bytes of the heap in use. */
  @Test
  void half_of_what_is_free_is_room_enough_and_the_whole_is_not() throws Exception {
    long free = Files.getFileStore(directory).getUsableSpace();
    assertThat(free).as("a disk that is nearly full is no place for this test").isGreaterThan(1L << 30);
    ChildVm.checkDisk(directory.resolve("heap.hprof"), free / 2);
    assertThatThrownBy(() -> ChildVm.checkDisk(directory.resolve("heap.hprof"), free / 4 * 3)).isInstanceOf(HeapDumpException.class);
  }

  @Test
  void a_dump_for_which_there_is_no_room_is_not_begun() {
    Path dump = directory.resolve("heap.hprof");
    assertThatThrownBy(() -> ChildVm.dump(dump, null, Long.MAX_VALUE / 2)).isInstanceOf(HeapDumpException.class).hasMessageContaining("are free");
    assertThat(dump).doesNotExist();
  }
}
