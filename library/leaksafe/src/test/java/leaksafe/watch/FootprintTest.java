package leaksafe.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leaksafe.watch.internal.FootprintWalk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FootprintTest {

  private static class Mixed {
    boolean a;
    long b;
    short c;
    Object d;
  }

  private static final class Below extends Mixed {
    byte e;
    Object f;
    double g;
    char h;
  }

  private static final class Small {
    byte only;
  }

  private record Pair(Object left, Object right) {}

  /** Compares the sizes with those that the JVM says in its class histogram, whatever its flags are; prints what differs. */
  public static final class AgainstTheVm {
    private static final int COUNT = 500;

    private AgainstTheVm() {}

    public static void main(String[] args) {
      compare(Mixed::new);
      compare(Below::new);
      compare(Small::new);
      compare(() -> new Pair(null, null));
      compare(() -> new Mixed[3]);
      compare(() -> new float[3]);
      compare(() -> new double[3]);
      compare(() -> new short[5]);
      compare(() -> new boolean[7]);
      compare(() -> new Small[0]);
      System.out.println("done");
    }

    private static void compare(Supplier<Object> maker) {
      Object[] kept = new Object[COUNT];
      String name = maker.get().getClass().getTypeName();
      HeapSnapshot before = HeapSnapshot.live();
      Arrays.setAll(kept, i -> maker.get());
      ClassCount vm = HeapSnapshot.live().since(before).find(name).orElseThrow();
      ClassCount ours = Footprint.of(kept).classes().stream().filter(c -> c.className().equals(name)).findFirst().orElseThrow();
      if (!vm.equals(ours)) {
        System.out.println("the VM says " + vm + ", we say " + ours);
      }
      Reference.reachabilityFence(kept);
    }
  }

  private static String runJava(Class<?> main, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m"));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseCompressedOops", "-XX:-UseCompressedOops", "-XX:ObjectAlignmentInBytes=16"})
  void sizes_are_those_of_the_vm_whatever_its_flags(String option) throws Exception {
    assertThat(runJava(AgainstTheVm.class, option)).isEqualToIgnoringNewLines("done");
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_25)
  void sizes_are_those_of_the_vm_with_compact_headers() throws Exception {
    assertThat(runJava(AgainstTheVm.class, "-XX:+UseCompactObjectHeaders")).isEqualToIgnoringNewLines("done");
  }

  @Test
  void what_several_reach_is_counted_once_and_cycles_end() {
    Object[] cycle = new Object[2];
    byte[] shared = new byte[1000];
    cycle[0] = new Pair(cycle, shared);
    cycle[1] = new Pair(shared, null);
    Footprint footprint = Footprint.of(cycle, shared, null);
    assertThat(footprint.objects()).isEqualTo(4);
    assertThat(footprint.classes()).extracting(ClassCount::className).containsExactly("byte[]", Pair.class.getTypeName(), "java.lang.Object[]");
    assertThat(footprint.bytes()).isEqualTo(footprint.classes().stream().mapToLong(ClassCount::bytes).sum()).isBetween(1000L, 1200L);
    assertThat(footprint.isExact()).isTrue();
    assertThat(footprint.exact()).isSameAs(footprint);
  }

  @Test
  void strings_and_boxes_are_exact() {
    long latin = Footprint.of("a".repeat(100)).bytes();
    assertThat(Footprint.of("\u20ac".repeat(100)).bytes()).isBetween(latin + 96, latin + 104);
    assertThat(Footprint.of(List.of(1, "x")).isExact()).as("small immutable lists have no table").isTrue();
    assertThat(Footprint.of(123456).exact().bytes()).isEqualTo(16);
  }

  @Test
  void a_closed_collection_is_followed_estimated_and_named_with_the_flag_that_opens_it() {
    Map<String, byte[]> map = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      map.put("key" + i, new byte[100]);
    }
    Footprint footprint = Footprint.of(map);
    assertThat(footprint.classes()).anySatisfy(count -> assertThat(count.instances()).as("keys' and values' arrays").isEqualTo(2000));
    assertThat(footprint.estimatedBytes()).as("1000 nodes and a table of 2048").isBetween(1000 * 24 + 2048 * 4L, 1000 * 48 + 2048 * 8L + 100);
    assertThat(footprint.closed()).containsExactly(Map.entry("java.util.HashMap", "--add-opens java.base/java.util=ALL-UNNAMED"));
    assertThatIllegalStateException().isThrownBy(footprint::exact).withMessage("the footprint is not exact, since java.util.HashMap cannot be "
        + "looked into: start the JVM with --add-opens java.base/java.util=ALL-UNNAMED");
    assertThat(footprint.toText()).contains("of which estimated: ", "not looked into: java.util.HashMap; for that: --add-opens ");
  }

  /** Prints the bytes of some collections: all that is estimated without the flag. */
  public static final class Collections3 {
    private Collections3() {}

    public static void main(String[] args) {
      List<Integer> numbers = IntStream.range(0, 3000).boxed().collect(Collectors.toCollection(java.util.LinkedList::new));
      Object[] all = {numbers, new java.util.HashSet<>(numbers), new java.util.TreeMap<>(Map.of(1, 2)), new ConcurrentHashMap<>(Map.of(1, 2)),
          List.of(1, 2, 3), new java.util.LinkedHashMap<>(Map.of(1, 1, 2, 2)), Map.of(7, 7, 8, 8)};
      for (Object one : all) {
        Footprint footprint = Footprint.of(one);
        System.out.println(footprint.bytes() + " " + footprint.isExact());
      }
    }
  }

  @Test
  void estimates_are_near_what_is_seen_with_the_flag() throws Exception {
    List<String> estimated = runJava(Collections3.class).lines().toList();
    List<String> exact = runJava(Collections3.class, "--add-opens", "java.base/java.util=ALL-UNNAMED", "--add-opens",
        "java.base/java.util.concurrent=ALL-UNNAMED").lines().toList();
    assertThat(estimated).hasSize(7).allMatch(line -> line.endsWith(" false"));
    assertThat(exact).hasSize(7).allMatch(line -> line.endsWith(" true"));
    for (int i = 0; i < 7; i++) {
      double seen = Long.parseLong(exact.get(i).split(" ")[0]);
      assertThat(Long.parseLong(estimated.get(i).split(" ")[0]) / seen).as("%d: %s, %s", i, estimated.get(i), exact.get(i)).isBetween(0.6, 1.4);
    }
  }

  @Test
  void what_is_not_the_objects_own_is_left_out_and_said() {
    Footprint footprint = Footprint.of(new Object[] {Pair.class, Thread.currentThread(), TimeUnit.DAYS, TimeUnit.HOURS,
        new WeakReference<>(new byte[100_000]), getClass().getClassLoader()});
    assertThat(footprint.leftOut()).containsEntry("java.lang.Class", 1L).containsEntry("java.util.concurrent.TimeUnit", 2L)
        .containsEntry("referent of java.lang.ref.WeakReference", 1L).hasSize(5);
    assertThat(footprint.bytes()).isLessThan(1000);
    assertThat(footprint.toText()).contains("left out: 2 x java.util.concurrent.TimeUnit\n");
  }

  @Test
  void a_wrapper_that_cannot_be_looked_into_is_named() {
    Footprint footprint = Footprint.of(Collections.synchronizedMap(new HashMap<>()));
    assertThat(footprint.objects()).isEqualTo(1);
    assertThat(footprint.closed()).containsKey("java.util.Collections$SynchronizedMap");
  }

  @Test
  void too_many_objects_and_null_are_refused() {
    assertThatIllegalStateException().isThrownBy(() -> new FootprintWalk(2).measure(new Pair("a", new Pair("b", "c"))))
        .withMessage("more than 2 objects are reachable: measure a smaller part");
    assertThatNullPointerException().isThrownBy(() -> Footprint.of((Object[]) null)).withMessage("objects");
    assertThat(Footprint.of().bytes()).isZero();
    assertThat(Footprint.of((Object) null).bytes()).isZero();
  }
}
