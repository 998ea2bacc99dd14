package leaksafe.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SegmentLockTest {
  private final Lock lock = new Lock();

  @SuppressWarnings("serial") // as its superclass
  private static final class Lock extends SegmentLock {}

  @Test
  void taking_it_twice_is_told_and_changes_nothing() {
    lock.lock();
    assertThatThrownBy(lock::lock).isInstanceOf(IllegalStateException.class).hasMessageContaining("must not use it");
    assertThat(lock.tryLock()).isFalse();
    lock.unlock();
    assertThat(lock.tryLock()).isTrue();
  }

  @Test
  @Timeout(30)
  void who_waits_for_another_is_not_accused_and_gets_it_in_the_end() throws Exception {
    lock.lock();
    lock.unlock();
    lock.lock(); // whoever held it last makes no difference
    FutureTask<Boolean> waiting = new FutureTask<>(() -> {
      lock.lock();
      lock.unlock();
      return true;
    });
    Thread thread = new Thread(waiting);
    thread.start();
    while (thread.getState() != Thread.State.WAITING && !waiting.isDone()) {
      Thread.onSpinWait();
    }
    assertThat(waiting.isDone()).isFalse();
    lock.unlock();
    assertThat(waiting.get()).isTrue();
    assertThat(lock.tryLock()).isTrue();
  }

  @Test
  @Timeout(30)
  void a_thread_that_claims_the_number_of_the_holder_is_not_accused() throws Exception {
    lock.lock();
    FutureTask<Boolean> waiting = new FutureTask<>(() -> {
      lock.lock();
      return true;
    });
    Thread holder = Thread.currentThread();
    Thread thread = new Thread(waiting) {
      @Override
      public long getId() {
        return holder.getId();
      }
    };
    thread.start();
    while (thread.getState() != Thread.State.WAITING && !waiting.isDone()) {
      Thread.onSpinWait();
    }
    lock.unlock();
    assertThat(waiting.get()).isTrue();
  }
}
