package leaksafe.junit.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import leaksafe.Leak;
import leaksafe.internal.LeakWatch;
import leaksafe.internal.Reports;
import leaksafe.internal.Sampling;
import leaksafe.resource.ThreadLeak;
import leaksafe.resource.ThreadLeaks;
import org.jspecify.annotations.Nullable;

/** One test under examination: warms up, measures, confirms what it suspects, and reports. */
final class Examination {
  private static final Duration THREADS_MAY_END = Duration.ofSeconds(1);
  private static final int CONFIRMING_THREAD_ROUNDS = 2;
  // A pool at rest looks at its leases once a second, and needs two looks to find one that was dropped.
  private static final long LEASES_ARE_FOUND_NANOS = TimeUnit.SECONDS.toNanos(4);

  private final Rounds rounds;
  private final Settings settings;
  private final String test;
  private final Class<?> testClass;

  private final LeakTally leaks = new LeakTally();
  private final Growing<String> classes = new Growing<>();
  private final Growing<ContainerCounts.Key> containers = new Growing<>();
  private long bytesBefore;
  private long bytesAfter;
  private long start;

  Examination(Rounds rounds, Settings settings, String test, Class<?> testClass) {
    this.rounds = rounds;
    this.settings = settings;
    this.test = test;
    this.testClass = testClass;
  }

  /** Returns what grows, or null if nothing does. */
  @Nullable String report() throws InterruptedException {
    start = System.nanoTime();
    LeakWatch watch = LeakWatch.open(this::found);
    Sampling.All sampling = Sampling.captureAll();
    try {
      Settling.await(); // what earlier tests dropped is found now
      rounds.run(settings.warmUps(), "warm-up round");
      count();
      leaks.clear();
      bytesBefore = count();
      ThreadLeaks.Snapshot threads = ThreadLeaks.snapshot();
      for (int i = 1; i <= settings.rounds(); i++) {
        rounds.run("measured round " + i);
        bytesAfter = count();
      }
      return verdict(threads);
    } finally {
      sampling.close();
      watch.close();
    }
  }

  /** A leak that was opened before the first round belongs to another test: it is older, or nobody noted its site. */
  private void found(Leak leak) {
    if (!leak.site().equals(Leak.NOT_SAMPLED) && leak.age().toNanos() <= System.nanoTime() - start && !leak.kind().startsWith("overdue")) {
      leaks.add(leak);
    }
  }

  private long count() throws InterruptedException {
    Settling.await();
    ClassCounts now = ClassCounts.take();
    classes.add(now.counts());
    containers.add(ContainerCounts.take());
    return now.bytes();
  }

  private @Nullable String verdict(ThreadLeaks.Snapshot before) throws InterruptedException {
    LeakReport report = new LeakReport(test, settings, new CodeLines(testClass));
    List<Growing.Grown<ContainerCounts.Key>> grownContainers = containers.inEveryRound();
    awaitDroppedLeases(grownContainers);
    report.unclosed(leaks.list());
    report.containers(grownContainers);
    if (ThreadLeaks.since(before, THREADS_MAY_END).size() < settings.rounds() || !examineThreads(report)) {
      examineObjects(report); // which says little as long as threads hold what they use
    }
    return report.isEmpty() ? null : report.text();
  }

  /** Waits until pools had time to find leases that were dropped, and takes those that they took back out of the list. */
  private void awaitDroppedLeases(List<Growing.Grown<ContainerCounts.Key>> grown) throws InterruptedException {
    long deadline = System.nanoTime() + LEASES_ARE_FOUND_NANOS;
    while (grown.stream().anyMatch(one -> one.what().measure() == ContainerCounts.Measure.LEASED) && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(50);
      Settling.await();
      Map<ContainerCounts.Key, Long> now = ContainerCounts.take();
      grown.removeIf(one -> one.what().measure() == ContainerCounts.Measure.LEASED && now.getOrDefault(one.what(), 0L) <= one.first());
    }
  }

  private boolean examineThreads(LeakReport report) throws InterruptedException {
    ThreadLeaks.Snapshot before = ThreadLeaks.snapshot();
    Map<Long, String> starts = new HashMap<>();
    try {
      starts.putAll(ThreadStarts.during(() -> rounds.run(CONFIRMING_THREAD_ROUNDS, "confirming round")));
    } catch (IOException | IllegalStateException e) { // no place for a recording, or no flight recorder
      Reports.log("@LeakFree could not record who starts threads", e);
      rounds.run(CONFIRMING_THREAD_ROUNDS, "confirming round");
    }
    List<ThreadLeak> left = ThreadLeaks.since(before, THREADS_MAY_END);
    if (left.size() < CONFIRMING_THREAD_ROUNDS) {
      return false;
    }
    report.threads(left, starts, CONFIRMING_THREAD_ROUNDS);
    return true;
  }

  private void examineObjects(LeakReport report) throws InterruptedException {
    Map<String, Long> now = ClassCounts.take().counts();
    List<Growing.Grown<String>> suspects = new ArrayList<>(classes.inEveryRound());
    suspects.removeIf(one -> settings.ignores(one.what()) || Names.isOfHarness(one.what())
        || now.getOrDefault(one.what(), 0L) < one.first() + settings.rounds()); // it was let go, only later
    long grownBytes = bytesAfter - bytesBefore;
    boolean budgeted = settings.retainedBytes() >= 0;
    if (budgeted ? grownBytes <= settings.retainedBytes() : suspects.isEmpty()) {
      return;
    }
    HeapFindings heap = HeapFindings.between(settings.rounds(), () -> rounds.run(settings.rounds(), "confirming round"), settings);
    if (budgeted) {
      report.budget(grownBytes);
    }
    report.objects(suspects, budgeted ? heap.paths() : heap.ofClasses(suspects, settings.rounds(), isACacheFilling()), heap.problem());
  }

  private boolean isACacheFilling() {
    return containers.inEveryRound().stream().anyMatch(one -> one.what().measure() == ContainerCounts.Measure.BOUNDED_ENTRIES);
  }
}
