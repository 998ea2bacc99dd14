package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.ReferenceKind;
import leaksafe.heap.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of reference, held by a static field, and a list that nothing else holds. */
@Timeout(60)
class ReferenceOptionsTest {
  private static final long LIST_ID = 0x400;

  @TempDir
  Path directory;

  private Path dump(ReferenceKind kind) {
    String type = switch (kind) {
      case SOFT -> "java.lang.ref.SoftReference";
      case WEAK -> "java.lang.ref.WeakReference";
      case PHANTOM -> "java.lang.ref.PhantomReference";
      case FINAL -> "java.lang.ref.FinalReference";
    };
    return new HprofBytes(8)
        .type(0x100, "java.lang.Object", 0, 0, Map.of())
        .type(0x108, "java.lang.ref.Reference", 0x100, 0, Map.of(), "queue", "referent", "next", "discovered")
        .type(0x110, type, 0x108, 0, Map.of())
        // As Finalizer and Cleaner are, and many weak references of programs: of a class of its own.
        .type(0x118, "com.acme.OwnReference", 0x110, 0, Map.of())
        .type(0x120, "com.acme.Holder", 0x100, 0, Map.of("HELD", 0x200L))
        .type(0x128, "com.acme.Cell", 0x100, 0, Map.of(), "data")
        .instance(0x200, 0x118, 0, LIST_ID, 0, 0)
        .instance(LIST_ID, 0x128, 0)
        .write(directory, kind + ".hprof");
  }

  private static String why(Path dump, Set<ReferenceKind> followed) throws Exception {
    return HeapDump.open(dump, HeapOptions.builder().follow(followed).build()).why("com.acme.Cell", 3).toText();
  }

  @ParameterizedTest
  @EnumSource(ReferenceKind.class)
  void a_referent_is_held_if_its_kind_of_reference_is_followed_and_else_not(ReferenceKind kind) throws Exception {
    Path dump = dump(kind);
    Set<ReferenceKind> others = EnumSet.complementOf(EnumSet.of(kind));
    assertThat(why(dump, Set.of(kind))).contains("HELD: com.acme.OwnReference", "referent: com.acme.Cell").doesNotContain("unreachable");
    assertThat(why(dump, others)).contains("(1 more are unreachable)").doesNotContain("referent");
    assertThat(why(dump, Set.of())).contains("(1 more are unreachable)");
  }

  @ParameterizedTest
  @EnumSource(ReferenceKind.class)
  void what_is_retained_follows_the_same_option(ReferenceKind kind) throws Exception {
    Path dump = dump(kind);
    assertThat(retainedClasses(dump, Set.of(kind))).contains("com.acme.OwnReference", "com.acme.Cell");
    assertThat(retainedClasses(dump, Set.of())).contains("com.acme.OwnReference").doesNotContain("com.acme.Cell");
  }

  private static List<Object> retainedClasses(Path dump, Set<ReferenceKind> followed) throws Exception {
    Report report = HeapDump.open(dump, HeapOptions.builder().follow(followed).build()).retained(100);
    return ((Report.Table) report.sections().get(2)).rows().stream().map(row -> row.get(2)).toList();
  }

  @Test
  void without_options_soft_references_and_pending_finalizers_hold() throws Exception {
    for (ReferenceKind kind : ReferenceKind.values()) {
      boolean holds = HeapDump.open(dump(kind)).why("com.acme.Cell", 3).toText().contains("referent: com.acme.Cell");
      assertThat(holds).as(kind.name()).isEqualTo(kind == ReferenceKind.SOFT || kind == ReferenceKind.FINAL);
    }
  }
}
