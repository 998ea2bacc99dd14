package leaksafe.junit.internal;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import leaksafe.heap.GrownPath;
import leaksafe.heap.Growth;
import leaksafe.heap.HeapDump;
import leaksafe.heap.HeapSummary;
import org.jspecify.annotations.Nullable;

/**
 * The paths of the heap that have at least one object more for each round between two dumps.
 *
 * @param paths those, most bytes first
 * @param problem why there were no dumps, or null
 */
record HeapFindings(List<GrownPath> paths, @Nullable String problem) {
  private static final Pattern ARROW = Pattern.compile(" -> ");
  private static final Pattern CACHE = Pattern.compile("\\b(?:StrongCache|SegmentedCache|WeakKeyCache)\\.");

  // Class loaders and method handles fill their tables as code runs for the first time.
  private static final Pattern JVM = Pattern.compile("jdk\\.internal\\.|java\\.lang\\.invoke\\.");

  // Pools are bounded, and what they lack is reported as leases.
  private static final Pattern POOL = Pattern.compile("\\bPoolCore\\.");

  // The constants of a class, which are resolved one by one when the code that needs them runs first.
  private static final String LITERALS = "<resolved_references>";

  // What is on the class path, which the JVM's own loaders open entry by entry when they look for a class that none before has.
  private static final Pattern CLASS_PATH = Pattern.compile("\\bClassLoaders\\$\\w+\\.ucp\\b");

  /** Runs further rounds between two dumps. */
  static HeapFindings between(int rounds, Runnable run, Settings settings) throws InterruptedException {
    try {
      Settling.await();
      HeapSummary before = inspect();
      run.run();
      Settling.await();
      List<GrownPath> grown = new ArrayList<>(Growth.between(List.of(before, inspect()), 0).paths());
      grown.removeIf(path -> path.grownBy() < rounds || isFirstUse(path.path()) || POOL.matcher(path.path()).find() || isHarness(path) || isIgnored(path, settings));
      return new HeapFindings(grown, null);
    } catch (IOException e) {
      return new HeapFindings(List.of(), e.toString());
    }
  }

  /** Looks at the heap in this VM, which knows how by now, if that needs no more than the heap has to spare; else in a child. */
  private static HeapSummary inspect() throws IOException, InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    if (runtime.totalMemory() - runtime.freeMemory() > runtime.maxMemory() / 3) {
      return Chains.inspector().inspect();
    }
    Path directory = Files.createTempDirectory("leaksafe-junit");
    Path dump = directory.resolve("heap.hprof");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
      return HeapDump.open(dump).summary();
    } finally {
      Files.deleteIfExists(dump);
      Files.deleteIfExists(directory);
    }
  }

  /** Returns whether a path is one that grows when code runs for the first time, in whatever round that is, and comes to an end. */
  static boolean isFirstUse(String path) {
    return path.contains(LITERALS) || CLASS_PATH.matcher(path).find();
  }

  private static boolean isHarness(GrownPath path) {
    return Names.isOfHarness(start(path.path()));
  }

  private static boolean isIgnored(GrownPath path, Settings settings) {
    String[] steps = ARROW.split(path.path());
    if (settings.ignores(steps[0])) {
      return true;
    }
    // Behind the first step paths name classes without their packages.
    for (String ignored : settings.ignored()) {
      String simple = Names.simple(ignored);
      for (int i = 1; i < steps.length && !simple.isEmpty(); i++) {
        if (steps[i].replace('$', '.').startsWith(simple.replace('$', '.'))) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Returns the paths that end at a class that grew in every round; the JVM's own ups and downs rarely do. Where users' classes are on some
   * paths only those count; else those that grew as steadily as their class did in the measured rounds, and not in the JVM's own tables.
   *
   * @param isCacheFilling whether a bounded cache of the library is on its way to its maximum, so that paths through caches are as they should be
   */
  List<GrownPath> ofClasses(List<Growing.Grown<String>> classes, int rounds, boolean isCacheFilling) {
    Map<String, Long> grown = new HashMap<>();
    Set<String> users = new HashSet<>();
    for (Growing.Grown<String> one : classes) {
      grown.merge(Names.simple(one.what()), one.by(), Math::max);
      if (!Names.isOfPlatform(one.what())) {
        users.add(Names.simple(one.what()));
      }
    }
    List<GrownPath> likely = paths.stream()
        .filter(path -> grown.containsKey(end(path.path())) && !(isCacheFilling && CACHE.matcher(path.path()).find())).toList();
    List<GrownPath> ofUsers = likely.stream().filter(path -> !Names.isOfPlatform(start(path.path())) || users.contains(end(path.path()))).toList();
    return !ofUsers.isEmpty() ? ofUsers : likely.stream().filter(path -> path.grownBy() % rounds == 0
        && path.grownBy() <= grown.getOrDefault(end(path.path()), 0L) && !JVM.matcher(start(path.path())).lookingAt()).toList();
  }

  /** Returns the name of the class that the path begins at, and its field. */
  private static String start(String path) {
    String first = ARROW.split(path)[0];
    return first.startsWith("<") ? first.substring(first.indexOf('>') + 1).strip() : first;
  }

  private static String end(String path) {
    String[] steps = ARROW.split(path);
    String last = steps[steps.length - 1];
    String type = last.endsWith("[][*]") ? last.substring(0, last.length() - 3) : last.replace("class ", "");
    // The histogram counts the lambdas of a class together.
    return Names.simple(type.contains("$$Lambda") ? type.substring(0, type.indexOf("$$Lambda") + 8) : type);
  }
}
