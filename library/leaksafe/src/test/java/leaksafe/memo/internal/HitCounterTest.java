package leaksafe.memo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import leaksafe.testing.Gc;
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
        Thread thread = new Thread(() -> {
          for (int n = 0; n < 2000; n++) {
            counter.increment();
          }
        });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(counter.sum()).isEqualTo((round + 1) * 200_000L);
    }
  }

  @Test
  void a_sum_never_goes_back_while_others_count() throws InterruptedException {
    HitCounter counter = new HitCounter();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> {
        for (int n = 0; n < 50_000; n++) {
          counter.increment();
        }
      });
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
  void it_keeps_no_thread_alive() throws InterruptedException {
    HitCounter counter = new HitCounter();
    WeakReference<Thread> thread = countElsewhere(counter);
    Gc.awaitCleared(thread);
    assertThat(counter.sum()).isEqualTo(5000);
  }

  private static WeakReference<Thread> countElsewhere(HitCounter counter) throws InterruptedException {
    Thread thread = new Thread(() -> {
      for (int n = 0; n < 5000; n++) {
        counter.increment();
      }
    });
    thread.start();
    thread.join();
    return new WeakReference<>(thread);
  }
}
