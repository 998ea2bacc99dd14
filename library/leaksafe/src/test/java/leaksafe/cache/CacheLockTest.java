package leaksafe.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import leaksafe.testing.LockWatch;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Which locks a cache takes, noted in a copy of the library whose calls to locks are rewritten. */
class CacheLockTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final String WRITES = "leaksafe.cache.internal.Writes";

  /** What is not the cache's: the first container that is announced has the reaper poll its queue, and the last that goes ends that. */
  private static final List<String> ANNOUNCING = List.of("leaksafe.internal.Reaper inside of leaksafe.internal.Containers",
      "leaksafe.internal.Reaper$Registration inside of leaksafe.internal.Containers");

  private static final String WAKING = "leaksafe.internal.Reaper$Registration"; // for an end that it has not yet planned for; after the segment
  private static final String HITS = "leaksafe.cache.internal.SegmentedCache"; // moves what was used, if nobody is at it
  private static final String DUEL = "leaksafe.cache.internal.Duel";

  @Test
  void an_insert_with_its_eviction_takes_one_lock_once_and_a_look_up_waits_for_none() throws Exception {
    assertThat(LockWatch.nestedIn(Inserting.class)).isSubsetOf(ANNOUNCING);
  }

  /** Inserts into full caches of each kind. */
  public static final class Inserting implements Runnable {

    private static Map<String, CacheBuilder<Object, Object>> builders(int maximum) {
      Map<String, CacheBuilder<Object, Object>> all = new LinkedHashMap<>();
      all.put("size", Cache.builder().maximumSize(maximum));
      all.put("weight", Cache.builder().maximumWeight(3 * maximum).weigher((key, value) -> 3));
      all.put("LRU", Cache.builder().maximumSize(maximum).eviction(Eviction.LRU));
      all.put("FIFO", Cache.builder().maximumSize(maximum).eviction(Eviction.FIFO));
      all.put("write", Cache.builder().maximumSize(maximum).expireAfterWrite(LONG));
      all.put("access, exactly", Cache.builder().maximumSize(maximum).expireAfterAccess(LONG).exactClock());
      all.put("variable", Cache.builder().maximumSize(maximum).expireAfter(Expiry.writing((key, value) -> LONG)));
      all.put("weak keys", Cache.builder().maximumSize(maximum).weakKeys());
      all.put("weak values", Cache.builder().maximumSize(maximum).weakValues());
      all.put("refreshing", Cache.builder().maximumSize(maximum).refreshAfterWrite(LONG, key -> key));
      all.put("groups", Cache.builder().maximumSize(maximum).groups((key, value) -> List.of("group")));
      all.put("statistics and a listener", Cache.builder().maximumSize(maximum).recordStats().removalListener((key, value, cause) -> { }));
      return all;
    }

    @Override
    public void run() {
      for (int maximum : List.of(100, 4_000)) {
        builders(maximum).forEach((kind, builder) -> {
          Cache<Object, Object> cache = builder.build();
          Object[] keys = new Object[3 * maximum];
          for (int i = 0; i < keys.length; i++) {
            Integer key = 1_000_000 + i;
            keys[i] = key; // or weak ones would go by themselves
            boolean full = cache.estimatedSize() == maximum;
            LockWatch.Taken taken = LockWatch.takenBy(() -> cache.put(key, key));
            if (full && i >= 2 * maximum) { // each segment has all that it makes when there is something for it
              assertThat(taken.waited()).as(kind).filteredOn(where -> !where.equals(WAKING)).containsExactly(WRITES);
              assertThat(taken.tried()).as(kind).isSubsetOf(DUEL).hasSizeLessThanOrEqualTo(1);
            }
          }
          assertThat(cache.estimatedSize()).as(kind).isEqualTo(maximum);
          LockWatch.Taken looking = LockWatch.takenBy(() -> List.of(keys).forEach(cache::getIfPresent));
          assertThat(looking.waited()).as(kind + ", hits and misses").isEmpty();
          assertThat(looking.tried()).as(kind + ", hits and misses").isSubsetOf(kind.equals("LRU") ? HITS : DUEL);
        });
      }
    }
  }

  @Test
  void no_monitor_is_entered() throws Exception {
    List<String> classes = new ArrayList<>();
    List<String> entering = new ArrayList<>();
    Path place = Path.of(Cache.class.getProtectionDomain().getCodeSource().getLocation().toURI()).resolve("leaksafe/cache");
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        classes.add(file.getFileName().toString());
        new ClassReader(Files.readAllBytes(file)).accept(new Monitors(entering), ClassReader.SKIP_DEBUG);
      }
    }
    assertThat(classes).contains("Cache.class", "Segment.class", "LeaseCore.class");
    assertThat(entering).isEmpty();
  }

  /** Collects the methods that enter monitors. */
  private static final class Monitors extends ClassVisitor {
    private final List<String> found;
    private String visited = "";

    Monitors(List<String> found) {
      super(Opcodes.ASM9);
      this.found = found;
    }

    @Override
    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
      visited = name;
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
      if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
        found.add(visited + "." + name);
      }
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitInsn(int opcode) {
          if (opcode == Opcodes.MONITORENTER) {
            found.add(visited + "." + name);
          }
        }
      };
    }
  }

  @Test
  void no_lock_is_waited_for_inside_of_another() throws Exception {
    assertThat(LockWatch.nestedIn(Working.class)).isSubsetOf(ANNOUNCING);
    assertThat(LockWatch.nestedIn(CacheHygieneTest.Deployed.class)).isSubsetOf(ANNOUNCING);
    assertThat(LockWatch.nestedIn(CacheApplication.class)).isSubsetOf(ANNOUNCING);
  }

  /** Does everything with caches of each kind, in three threads. */
  public static final class Working implements Runnable {
    private static final int STEPS = 20_000;
    private static final int KEYS = 600;

    private static List<Cache<Integer, Integer>> caches() {
      Duration brief = Duration.ofMillis(200);
      Budget budget = Budget.ofWeight(300);
      return List.of(
          Cache.<Integer, Integer>builder().maximumSize(200).removalListener((key, value, cause) -> { }).build(),
          Cache.<Integer, Integer>builder().maximumWeight(600).weigher((key, value) -> key % 7).expireAfterWrite(brief).build(),
          Cache.<Integer, Integer>builder().maximumSize(100).eviction(Eviction.LRU).expireAfterAccess(brief).recordStats().build(),
          Cache.<Integer, Integer>builder().budget(budget).weakValues().build(),
          Cache.<Integer, Integer>builder().budget(budget).weigher((key, value) -> 2).build(),
          Cache.<Integer, Integer>builder().maximumSize(4_000).expireAfter(Expiry.writing((key, value) -> brief)).build(),
          Cache.<Integer, Integer>builder().maximumSize(100).groups((Integer key, Integer value) -> List.of(key % 3))
              .refreshAfterWrite(Duration.ofNanos(1), key -> key).removalListener((key, value, cause) -> { }, Runnable::run).build());
    }

    @Override
    public void run() {
      List<Cache<Integer, Integer>> caches = caches();
      CompletableFuture<?>[] all = new CompletableFuture<?>[3];
      for (int i = 0; i < all.length; i++) {
        Random random = new Random(i);
        all[i] = CompletableFuture.runAsync(() -> {
          for (int step = 0; step < STEPS; step++) {
            step(caches.get(random.nextInt(caches.size())), random);
          }
        }, task -> new Thread(task).start());
      }
      CompletableFuture.allOf(all).join();
    }

    private static void step(Cache<Integer, Integer> cache, Random random) {
      Integer key = random.nextInt(KEYS);
      switch (random.nextInt(1_000)) {
        case 0 -> cache.invalidateAll();
        case 1 -> cache.cleanUp();
        case 2 -> cache.policy().maximum().ifPresent(maximum -> cache.policy().setMaximum(Math.max(50, maximum ^ 64)));
        case 3 -> cache.policy().restore(cache.policy().snapshot());
        case 4 -> cache.policy().coldest(10);
        case 5 -> cache.asMap().entrySet().removeIf(entry -> entry.getKey() % 50 == 0);
        case 6 -> cache.asMap().replaceAll((k, v) -> v + 1);
        case 7 -> cache.getAll(List.of(key, key + 1, key + 2), keys -> Map.of(key, 1, key + 1, 1));
        default -> {
          switch (key % 8) {
            case 0, 1, 2 -> cache.put(key, key);
            case 3 -> cache.get(key, k -> k);
            case 4 -> cache.asMap().merge(key, 1, Integer::sum);
            case 5 -> cache.asMap().computeIfPresent(key, (k, v) -> v > 10 ? null : v + 1);
            case 6 -> cache.invalidate(key - random.nextInt(6));
            default -> cache.getIfPresent(key - random.nextInt(8));
          }
        }
      }
    }
  }
}
