package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import leaksafe.testing.Gc;
import leaksafe.testing.Seeded;
import leaksafe.testing.VirtualThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class HitCounterTest {

  @Test
  void many_threads_count_exactly_also_where_they_follow_each_other() throws InterruptedException {
    HitCounter counter = new HitCounter();
    for (int round = 0; round < 5; round++) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 100; i++) { // more than there are places
        Thread thread = new Thread(() -> count(counter, 2000));
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(counter.sum()).isEqualTo((round + 1) * 200_000L);
    }
    assertThat(counter.cellCount()).isBetween(1, HitCounter.mostCells());
  }

  private static void count(HitCounter counter, int times) {
    for (int n = 0; n < times; n++) {
      counter.increment();
    }
  }

  /** Threads of random number, length and start: they meet while places are claimed, handed on and doubled. */
  @Test
  void threads_that_come_and_go_at_random_count_exactly() {
    Seeded.check(40, random -> {
      HitCounter counter = new HitCounter();
      long expected = 0;
      List<Thread> running = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        int times = lengths(random);
        expected += times;
        Thread thread = new Thread(() -> count(counter, times));
        thread.start();
        running.add(thread);
        if (random.nextInt(3) == 0) {
          running.remove(random.nextInt(running.size())).join();
        }
      }
      for (Thread thread : running) {
        thread.join();
      }
      assertThat(counter.sum()).isEqualTo(expected);
    });
  }

  private static int lengths(Random random) {
    return 1 << random.nextInt(14);
  }

  @Test
  void a_sum_never_goes_back_while_others_count() throws InterruptedException {
    HitCounter counter = new HitCounter();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> count(counter, 50_000));
      threads.add(thread);
      thread.start();
    }
    long last = 0;
    while (threads.stream().anyMatch(Thread::isAlive)) {
      long sum = counter.sum();
      assertThat(sum).isGreaterThanOrEqualTo(last);
      last = sum;
    }
    assertThat(counter.sum()).isEqualTo(200_000);
  }

  @Test
  void who_never_counts_much_leaves_nothing_behind() {
    HitCounter counter = new HitCounter();
    assertThat(counter.sum()).isZero();
    assertThat(counter.cellCount()).isZero();
  }

  @Test
  void virtual_threads_in_thousands_count_exactly_and_keep_no_more_cells_than_there_may_be() throws Exception {
    HitCounter counter = new HitCounter();
    ExecutorService virtual = VirtualThreads.executor();
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        all.add(virtual.submit(() -> {
          count(counter, 100);
          Thread.yield(); // and perhaps goes on on another carrier
          count(counter, 100);
        }));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      virtual.shutdown();
    }
    assertThat(counter.sum()).isEqualTo(400_000);
    assertThat(counter.cellCount()).isLessThanOrEqualTo(HitCounter.mostCells());
  }

  @Test
  void it_keeps_no_thread_alive() throws InterruptedException {
    HitCounter counter = new HitCounter();
    WeakReference<Thread> thread = countElsewhere(counter);
    Gc.awaitCleared(thread);
    assertThat(counter.sum()).isEqualTo(5000);
  }

  private static WeakReference<Thread> countElsewhere(HitCounter counter) throws InterruptedException {
    Thread thread = new Thread(() -> count(counter, 5000));
    thread.start();
    thread.join();
    return new WeakReference<>(thread);
  }
}
