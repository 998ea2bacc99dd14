package leaksafe.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StartingLineTest {

  static class Starting {
    @Test
    @LeakFree(warmUps = 1, rounds = 2)
    void a_thread() {
      BesideTheTest.start();
    }
  }

  @Test
  void the_line_that_starts_a_thread_is_in_the_file_that_the_class_is_in_whatever_the_class_is_called() throws Exception {
    try {
      assertThat(Planted.failures(Starting.class)).singleElement().asString()
          .contains("at leaksafe.junit.BesideTheTest.start(StartingLineTest.java:");
    } finally {
      BesideTheTest.stop();
    }
  }
}

/** A class that is not called like its file. */
@SuppressWarnings("MultipleTopLevelClasses")
final class BesideTheTest {
  private static final CountDownLatch END = new CountDownLatch(1);
  private static final Queue<Thread> STARTED = new ConcurrentLinkedQueue<>();

  private BesideTheTest() {}

  static void start() {
    Thread thread = new Thread(() -> {
      try {
        END.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }, "beside");
    STARTED.add(thread);
    thread.start();
  }

  static void stop() throws InterruptedException {
    END.countDown();
    for (Thread thread : STARTED) {
      thread.join();
    }
  }
}
