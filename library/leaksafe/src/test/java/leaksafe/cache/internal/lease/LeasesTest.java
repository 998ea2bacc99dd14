package leaksafe.cache.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import leaksafe.FailureListener;
import leaksafe.LeakListener;
import leaksafe.Lease;
import org.junit.jupiter.api.Test;

/** White-box: the reaper's rounds are called here, at any time between acquiring and closing. */
class LeasesTest {
  private static final long DAY = TimeUnit.DAYS.toNanos(1);

  private final AtomicLong clock = new AtomicLong(1);
  private final LeaseCore<Integer, int[]> cache = new LeaseCore<>(new LeaseSettings<>("model", "site", 20, LeaseSettings.NEVER,
      LeaseSettings.NEVER, 0, value -> value[0]++, 0, FailureListener.logging(), LeakListener.logging(), Runnable::run, clock::get));
  private long round = System.nanoTime();

  private void visit() {
    cache.leases().visit(round += DAY);
  }

  private Lease<int[]> acquire(int key) throws InterruptedException {
    return cache.acquire(key, of -> new int[1], 0);
  }

  @Test
  void a_round_neither_ends_a_lease_nor_holds_a_closed_one() throws InterruptedException {
    Lease<int[]> first = acquire(1);
    visit();
    assertThat(first.get()).containsExactly(0);
    first.close();
    assertThat(cache.leases().oldest()).isEmpty();
    Lease<int[]> second = acquire(1);
    second.close();
    visit(); // finds the note of a closed lease
    assertThat(cache.leases().oldest()).isEmpty();
    assertThat(cache.leases().count()).isZero();
  }

  @Test
  void count_and_oldest_are_right_whatever_rounds_come_between() throws InterruptedException {
    long seed = System.nanoTime();
    System.out.println("LeasesTest seed " + seed);
    Random random = new Random(seed);
    List<Lease<int[]>> open = new ArrayList<>();
    List<Long> since = new ArrayList<>();
    List<Lease<int[]>> closed = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
      int what = random.nextInt(10);
      if (what < 4 && open.size() < 12) {
        open.add(acquire(random.nextInt(4)));
        since.add(clock.get());
      } else if (what < 7 && !open.isEmpty()) {
        int at = random.nextInt(open.size());
        assertThat(open.get(at).get()).containsExactly(0); // open all the while
        open.get(at).close();
        closed.add(open.remove(at));
        since.remove(at);
      } else if (what == 7 && !closed.isEmpty()) {
        closed.get(random.nextInt(closed.size())).close();
      } else if (what == 8) {
        cache.invalidate(random.nextInt(4));
      } else {
        visit();
      }
      assertThat(cache.leases().count()).isEqualTo(open.size());
      String oldest = since.isEmpty() ? ""
          : "; oldest lease is " + age(clock.get() - since.stream().min(Long::compare).orElseThrow()) + " old, from ";
      assertThat(cache.leases().oldest()).startsWith(oldest).satisfies(text -> assertThat(text.isEmpty()).isEqualTo(oldest.isEmpty()));
    }
    assertThat(cache.stats().leaked()).isZero();
  }

  private static String age(long nanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
    return millis < 10_000 ? millis + " ms" : millis / 1000 + " s";
  }
}
