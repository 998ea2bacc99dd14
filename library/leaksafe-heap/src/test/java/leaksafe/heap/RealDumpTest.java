package leaksafe.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jol.info.GraphLayout;

/** Leaks of seven sorts in this very VM, dumped twice, and what the questions answer. */
@Timeout(180)
class RealDumpTest {
  static final class Session {
    final String user;
    final Object[] attributes = new Object[2];

    Session(String user) {
      this.user = user;
    }
  }

  static final class Screen implements Runnable {
    final byte[] bitmap = new byte[512];

    @Override
    public void run() {}
  }

  static final class EventHub {
    static final EventHub INSTANCE = new EventHub();
    final List<Runnable> listeners = new ArrayList<>();
  }

  /** Loaded by loaders that nobody lets go. */
  public static final class Plugin {
    static final byte[] STATE = new byte[40_000];
  }

  static final class ChildFirst extends ClassLoader {
    private final byte[] code;

    ChildFirst(byte[] code) {
      super(ChildFirst.class.getClassLoader());
      this.code = code;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      return name.equals(Plugin.class.getName()) ? defineClass(name, code, 0, code.length) : super.loadClass(name, resolve);
    }
  }

  /** Closed by its user, but not let go. */
  static final Object[] CLOSED = new Object[1];

  static final class SelfKeeping {
    Object key = this;
  }

  static final Map<String, Session> SESSIONS = new HashMap<>();
  static final Map<Object, Object> CONCURRENT = new ConcurrentHashMap<>();
  static final ArrayDeque<Object> QUEUE = new ArrayDeque<>();
  static final List<Object> PLUGINS = new ArrayList<>();
  static final Map<String, Map<String, byte[]>> NESTED = new HashMap<>();
  static final Map<Object, Object> WEAK = new WeakHashMap<>();
  static final ThreadLocal<Map<String, byte[]>> LOCAL = ThreadLocal.withInitial(HashMap::new);
  static final Map<Object, Object> IDENTITY = new IdentityHashMap<>();
  static final Object[] STABLE = new Object[5000];

  private static Path directory;
  private static Path first;
  private static Path second;
  private static long sessionBytes;
  private static long localBytes;

  @BeforeAll
  static void leak_and_dump() throws Exception {
    directory = Files.createTempDirectory("leaksafe-heap-test");
    for (int i = 0; i < STABLE.length; i++) {
      STABLE[i] = new int[4];
    }
    for (int i = 0; i < 300; i++) {
      IDENTITY.put(new int[1], "a value");
    }
    closeAndKeep();
    leak(2000);
    first = dump("first.hprof");
    leak(1000);
    sessionBytes = GraphLayout.parseInstance(SESSIONS).totalSize();
    localBytes = GraphLayout.parseInstance(LOCAL.get()).totalSize();
    second = dump("second.hprof");
  }

  private static void closeAndKeep() throws Exception {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {RealDumpTest.class.getProtectionDomain().getCodeSource().getLocation()}, null)) {
      CLOSED[0] = loader.loadClass(Plugin.class.getName()).getConstructor().newInstance();
    }
  }

  @AfterAll
  static void let_go() throws Exception {
    SESSIONS.clear();
    CONCURRENT.clear();
    QUEUE.clear();
    PLUGINS.clear();
    NESTED.clear();
    WEAK.clear();
    IDENTITY.clear();
    CLOSED[0] = null;
    LOCAL.remove();
    EventHub.INSTANCE.listeners.clear();
    Files.deleteIfExists(first);
    Files.deleteIfExists(second);
    Files.delete(directory);
  }

  private static void leak(int count) throws Exception {
    byte[] code;
    try (InputStream in = RealDumpTest.class.getResourceAsStream("RealDumpTest$Plugin.class")) {
      code = in.readAllBytes();
    }
    int from = SESSIONS.size();
    for (int i = from; i < from + count; i++) {
      SESSIONS.put("session-" + i, new Session("user-" + i));
      CONCURRENT.put(i, new long[4]);
      QUEUE.add(new long[8]);
      EventHub.INSTANCE.listeners.add(new Screen());
      LOCAL.get().put("request-" + i, new byte[64]);
      NESTED.computeIfAbsent("tenant-" + i % 4, t -> new HashMap<>()).put("key-" + i, new byte[32]);
      SelfKeeping self = new SelfKeeping();
      WEAK.put(self, self);
    }
    for (int i = 0; i < 3; i++) {
      PLUGINS.add(new ChildFirst(code).loadClass(Plugin.class.getName()).getConstructor().newInstance());
    }
  }

  private static Path dump(String name) throws Exception {
    Path file = directory.resolve(name);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
    return file;
  }

  @Test
  void growth_finds_each_leak_once_and_nothing_stable() throws Exception {
    Growth growth = HeapDump.growth(List.of(first, second), HeapOptions.defaults(), Growth.DEFAULT_MINIMUM_BYTES);

    String text = growth.report(50).toText();
    assertThat(growth.paths()).as(text).anySatisfy(p -> {
      assertThat(p.path()).endsWith("RealDumpTest.SESSIONS -> HashMap.table -> HashMap$Node[][*] -> HashMap$Node");
      assertThat(p.counts()).containsExactly(2000L, 3000L);
    });
    assertGrew(growth, "EventHub.listeners", 1000);
    assertGrew(growth, "RealDumpTest.CONCURRENT", 1000);
    assertGrew(growth, "RealDumpTest.QUEUE", 1000);
    assertGrew(growth, "RealDumpTest.NESTED", 1000);
    assertGrew(growth, "RealDumpTest.PLUGINS", 3);
    assertThat(growth.paths()).as(text).anySatisfy(p -> assertThat(p.path()).contains("threadLocals"));
    assertThat(growth.paths()).as(text).noneMatch(p -> p.path().contains("STABLE"));
    assertThat(growth.paths()).as(text).filteredOn(p -> p.path().contains("SESSIONS")).hasSize(1);
  }

  private static void assertGrew(Growth growth, String part, long by) {
    assertThat(growth.paths()).as(growth.report(50).toText()).anySatisfy(p -> {
      assertThat(p.path().replace("$INSTANCE", "")).contains(part.replace("EventHub.listeners", "EventHub.listeners -> ArrayList"));
      assertThat(p.grownBy()).isEqualTo(by);
    });
  }

  @Test
  void dumps_that_are_not_in_order_are_noted() throws Exception {
    assertThat(HeapDump.growth(List.of(second, first), HeapOptions.defaults(), 0).notes())
        .contains("first.hprof is older than the dump before it: name the oldest first.");
    assertThat(HeapDump.growth(List.of(first, second), HeapOptions.defaults(), 0).notes()).isEmpty();
  }

  @Test
  void growth_of_a_heap_with_itself_is_nothing() throws Exception {
    assertThat(HeapDump.growth(List.of(first, first), HeapOptions.defaults(), 0).paths()).isEmpty();
  }

  @Test
  void retained_size_equals_what_jol_counts() throws Exception {
    Report report = HeapDump.open(second).retained(200);
    String row = report.toText().lines().filter(line -> line.endsWith("RealDumpTest.SESSIONS -> HashMap")).findFirst().orElseThrow();
    Report.Table byPath = (Report.Table) report.sections().get(3);
    long retained = byPath.rows().stream().filter(r -> String.valueOf(r.get(2)).endsWith("RealDumpTest.SESSIONS -> HashMap"))
        .mapToLong(r -> (Long) r.get(0)).findFirst().orElseThrow();
    assertThat(retained).as(row).isEqualTo(sessionBytes);
  }

  @Test
  void sizes_equal_jol_for_many_shapes() throws Exception {
    Report histogram = HeapDump.open(second).histogram(100_000);
    Report.Table table = (Report.Table) histogram.sections().get(0);
    for (Object one : List.of(new Session("x"), new HashMap<>(), new ArrayList<>(), new IdentityHashMap<>(), new ConcurrentHashMap<>(), "text",
        Thread.currentThread().getThreadGroup(), Integer.valueOf(1), Long.valueOf(1), new Screen())) {
      String name = one.getClass().getName();
      table.rows().stream().filter(row -> row.get(2).equals(name)).findFirst().ifPresent(row ->
          assertThat((Long) row.get(1) / (Long) row.get(0)).as(name).isEqualTo(org.openjdk.jol.vm.VM.current().sizeOf(one)));
    }
    assertThat(table.rows()).anyMatch(row -> row.get(2).equals(Session.class.getName()) && row.get(0).equals(3000L));
  }

  @Test
  void why_leads_to_the_static_field() throws Exception {
    HeapDump dump = HeapDump.open(second);
    assertThat(dump.why(Session.class.getName(), 3).toText())
        .contains("class leaksafe.heap.RealDumpTest").contains("SESSIONS: java.util.HashMap").contains("3 000");
    assertThat(dump.why(Session.class.getCanonicalName(), 3).sections()).isEqualTo(dump.why(Session.class.getName(), 3).sections());
    assertThat(dump.why("class:" + EventHub.class.getName(), 3).toText()).contains("Paths to class leaksafe.heap.RealDumpTest$EventHub");
    assertThatThrownBy(() -> dump.why("Sesion", 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("has no class Sesion");
    assertThatThrownBy(() -> dump.why("0xzz", 1)).hasMessageContaining("hexadecimal");
    String largest = ((Report.Table) dump.retained(5).sections().get(1)).rows().get(0).get(1).toString();
    assertThat(dump.why(largest, 3).sections()).isEqualTo(dump.why(largest.substring(largest.indexOf("0x")), 3).sections());
    assertThatThrownBy(() -> dump.why("java.util.HashMap@0x3", 1)).hasMessageContaining("no object with the id 0x3; the reports of this dump have ids");
    assertThat(dump.why("java.lang.Math", 3).toText()).contains("Paths to the instances of java.lang.Math: there are none", "class:java.lang.Math");
  }

  @Test
  void containers_name_their_owner_and_size_in_little_memory() throws Exception {
    String text = HeapDump.open(second, HeapOptions.builder().memoryBudget(32 << 20).build()).containers(60).toText();
    assertThat(text).containsPattern("3 000 .*java.util.HashMap .*RealDumpTest.SESSIONS");
    assertThat(text).containsPattern("3 000 .*java.util.concurrent.ConcurrentHashMap .*RealDumpTest.CONCURRENT");
    assertThat(text).containsPattern("3 000 .*java.util.ArrayList .*EventHub.INSTANCE -> RealDumpTest.EventHub.listeners");
    assertThat(text).containsPattern("3 000 .*java.util.ArrayDeque .*RealDumpTest.QUEUE");
  }

  @Test
  void fill_and_waste_count_the_places_that_an_entry_takes() throws Exception {
    String text = HeapDump.open(second).containers(400).toText();
    assertThat(text).containsPattern("3 000 +73 % +4\\.3 kB +java.util.HashMap +leaksafe.heap.RealDumpTest.SESSIONS");
    assertThat(text).containsPattern(" 300 +58 % +1\\.7 kB +java.util.IdentityHashMap +leaksafe.heap.RealDumpTest.IDENTITY");
  }

  @Test
  void loaders_that_are_there_twice_are_listed_with_what_holds_them() throws Exception {
    String text = HeapDump.open(second).loaders(20).toText();
    assertThat(text).contains("leaksafe.heap.RealDumpTest$Plugin").contains("RealDumpTest.PLUGINS");
    assertThat(text).containsPattern("java.net.URLClassLoader@0x[0-9a-f]+ +closed +1 .*RealDumpTest.CLOSED");
    assertThat(text).containsPattern("RealDumpTest.ChildFirst@0x[0-9a-f]+ +replaced, no thread works for it");
    assertThat(text).contains("Paths to java.net.URLClassLoader").contains("CLOSED: java.lang.Object[]");
  }

  @Test
  void weak_entries_that_keep_their_key_are_counted() throws Exception {
    assertThat(HeapDump.open(second).ephemerons(10).toText())
        .containsPattern("3 000 .*RealDumpTest.WEAK.*keeps its key leaksafe.heap.RealDumpTest.SelfKeeping");
  }

  @Test
  void contents_of_strings_and_names_of_threads_appear_only_when_asked_for() throws Exception {
    HeapOptions open = HeapOptions.builder().contents(true).build();
    assertThat(HeapDump.open(second).strings(20).toText()).contains("(not shown)").doesNotContain("session-");
    assertThat(HeapDump.open(second, open).strings(20).toText()).doesNotContain("(not shown)");
    String thread = Thread.currentThread().getName();
    assertThat(HeapDump.open(second).threads(50).toText()).doesNotContain('"' + thread + '"').contains("RealDumpTest");
    assertThat(HeapDump.open(second, open).threads(50).toText()).contains('"' + thread + '"');
  }

  @Test
  void threads_show_their_thread_locals() throws Exception {
    Report.Tree threads = (Report.Tree) HeapDump.open(second).threads(50).sections().get(0);
    assertThat(threads.roots()).anySatisfy(thread -> assertThat(thread.children()).anySatisfy(part -> {
      assertThat(part.label()).isEqualTo("thread-locals");
      assertThat(part.children()).anySatisfy(value -> {
        assertThat(value.label()).isEqualTo("java.util.HashMap");
        assertThat(value.bytes()).as("all that the map holds").isBetween(localBytes, localBytes + 10_000).isLessThan(thread.bytes());
      });
    }));
    assertThat(threads.roots()).flatExtracting(Report.Node::children).noneMatch(part -> part.children().isEmpty());
  }

  @Test
  void one_thread_or_many_give_the_same_answer() throws Exception {
    String one = HeapDump.open(second, HeapOptions.builder().parallelism(1).build()).retained(30).toJson();
    assertThat(HeapDump.open(second, HeapOptions.builder().parallelism(7).build()).retained(30).toJson()).isEqualTo(one);
  }

  @Test
  void who_asks_is_told_how_far_each_step_is() throws Exception {
    Map<String, long[]> last = new LinkedHashMap<>();
    AtomicInteger calls = new AtomicInteger();
    HeapProgress progress = (step, done, total) -> {
      assertThat(calls.getAndIncrement()).as("calls at once").isZero();
      assertThat(done).as(step).isBetween(0L, total);
      last.put(step, new long[] {done, total});
      calls.decrementAndGet();
    };
    HeapDump.open(second, HeapOptions.builder().progress(progress).parallelism(1).build()).retained(5);
    assertThat(last.keySet()).containsExactly("indexing", "references", "paths", "dominators");
    assertThat(last.values()).allSatisfy(end -> assertThat(end[0]).isEqualTo(end[1]).isPositive());
    last.clear();
    HeapDump.open(second, HeapOptions.builder().progress(progress).parallelism(1).build()).containers(5);
    assertThat(last.keySet()).startsWith("classes", "collections", "owners, pass 1");
  }

  @Test
  void differences_are_by_class() throws Exception {
    assertThat(HeapDump.diff(first, second, HeapOptions.defaults(), 40).toText()).containsPattern("1 000 .*leaksafe.heap.RealDumpTest.Session");
  }

  @Test
  void a_summary_survives_writing() throws Exception {
    HeapSummary summary = HeapDump.open(second).summary();
    var bytes = new java.io.ByteArrayOutputStream();
    summary.write(new java.io.DataOutputStream(bytes));
    HeapSummary read = HeapSummary.read(new java.io.DataInputStream(new java.io.ByteArrayInputStream(bytes.toByteArray())));
    assertThat(read.paths()).isEqualTo(summary.paths());
    assertThat(read.bytes()).isEqualTo(summary.bytes());
    assertThat(Growth.between(List.of(summary, read), 0).paths()).isEmpty();
  }
}
