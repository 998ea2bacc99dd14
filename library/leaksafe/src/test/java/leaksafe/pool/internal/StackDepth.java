package leaksafe.pool.internal;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import leaksafe.AcquireTimeoutException;
import leaksafe.Lease;
import leaksafe.internal.Reaper;
import leaksafe.pool.Pool;
import leaksafe.testing.Gc;

/**
 * A program that uses pools at every depth of a small stack, from where it overflows upwards, one frame after the other, and says {@code balanced} if
 * that cost nothing for good. A program of its own, since a class that cannot be initialized for want of stack is lost for its JVM.
 */
public final class StackDepth {
  private static final int STEPS = 400;
  private static final int ROUNDS = 3;
  private static final int MAXIMUM = 100;

  private static final Object[] held = new Object[STEPS + 1];
  private static int step;
  private static int overflows;

  private final Parts parts = new Parts();
  private final AtomicLong time = new AtomicLong();
  private Handlers<String, Parts.Part> handlers = new Handlers<>(key -> parts.open(), null, null);
  private final Settings<Parts.Part> settings = new Settings<>("parts", "here", parts::dispose, Settings.NEVER, Settings.NEVER, 0, Settings.NEVER,
      false, 0, failure -> {}, leak -> {}, Runnable::run, time::get);

  private StackDepth() {}

  /** Something that is done in the depths. */
  private interface Work {
    void run() throws Exception;
  }

  private static void dive(Work work) {
    try {
      dive(work);
    } catch (StackOverflowError e) {
      // the bottom, or too near to it for the work
    }
    if (step < STEPS) {
      step++;
      try {
        work.run();
      } catch (StackOverflowError e) {
        overflows++;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void inTheDepths(Work work) throws InterruptedException {
    step = 0;
    Thread thread = new Thread(null, () -> dive(work), "deep", 512 * 1024);
    thread.start();
    thread.join();
    if (step < STEPS) {
      throw new IllegalStateException("it ended at step " + step);
    }
  }

  private static void require(boolean holds, String what, Object seen) {
    if (!holds) {
      throw new IllegalStateException(what + ": " + seen);
    }
  }

  /** Has rounds of the upkeep, and collections, until no object is out. */
  private void settle(Work upkeep, IntSupplier leased) {
    Gc.await("nothing is out", () -> {
      try {
        upkeep.run();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      time.addAndGet(TimeUnit.MINUTES.toNanos(1));
      return leased.getAsInt() == 0;
    });
  }

  private void closeHeld() throws Exception {
    for (int i = 0; i < held.length; i++) {
      if (held[i] != null) {
        ((AutoCloseable) held[i]).close();
        held[i] = null;
      }
    }
  }

  private void assertBalanced(String what) {
    require(parts.faults.isEmpty(), what, parts.faults);
    require(parts.opened.get() == parts.disposed.get(), what, parts.opened + " opened, " + parts.disposed + " disposed of");
    System.out.println(what + ": " + parts.opened + " opened, overflows " + overflows);
    overflows = 0;
  }

  private void pool(String what, Pool.Validator<Parts.Part> validator, Pool.Action<Parts.Part> reset) throws Exception {
    handlers = new Handlers<>(key -> parts.open(), validator, reset);
    PoolCore<Parts.Part> core = new PoolCore<>(settings, handlers, 0, MAXIMUM);
    Work use = () -> {
      Lease<Parts.Part> lease = core.acquire(0);
      held[step] = lease;
      lease.close();
    };
    for (int i = 0; i < 300; i++) {
      use.run(); // all classes are there
    }
    for (int i = 0; i < ROUNDS; i++) {
      inTheDepths(use);
      closeHeld();
      settle(() -> core.upkeep(0), () -> core.stats().leased());
    }
    require(core.stats().waiting() == 0, what, core.stats());
    for (int i = 0; i < MAXIMUM; i++) {
      held[i] = core.acquire(0);
    }
    closeHeld();
    require(core.close(0), what, core.stats());
    assertBalanced(what);
  }

  private void poolWithKeys(String what, int keys) throws Exception {
    KeyedCore<String, Parts.Part> core = new KeyedCore<>(settings, MAXIMUM / keys, MAXIMUM);
    String[] names = new String[2 * keys]; // of which there is room for half
    for (int i = 0; i < names.length; i++) {
      names[i] = "key " + i;
    }
    int[] next = {0};
    Work use = () -> {
      Lease<Parts.Part> lease = core.acquire(handlers, names[next[0]++ % names.length], 0);
      held[step] = lease;
      lease.close();
    };
    for (int i = 0; i < 300; i++) {
      use.run();
    }
    for (int i = 0; i < ROUNDS; i++) {
      inTheDepths(use);
      closeHeld();
      settle(() -> core.work(0), () -> core.stats().leased());
    }
    require(core.stats().waiting() == 0 && core.total.length() == 0, what, core.stats());
    for (int i = 0; i < MAXIMUM; i++) {
      held[i] = core.acquire(handlers, names[i % keys], 0);
    }
    closeHeld();
    require(core.close(0), what, core.stats());
    require(core.keys() == 0, what, core.keys());
    assertBalanced(what);
  }

  private void closing(String what) throws Exception {
    List<PoolCore<Parts.Part>> cores = new ArrayList<>();
    for (int i = 0; i <= STEPS; i++) {
      PoolCore<Parts.Part> core = new PoolCore<>(settings, handlers, 0, 2);
      try (Lease<Parts.Part> one = core.acquire(0); Lease<Parts.Part> two = core.acquire(0)) {
        require(one.get() != two.get(), what, one);
      }
      cores.add(core);
    }
    cores.get(0).closeNow();
    inTheDepths(() -> cores.get(step).closeNow());
    for (PoolCore<Parts.Part> core : cores) {
      core.closeNow(); // whose overflow was told to the caller, who tries again
      settle(() -> core.upkeep(0), () -> core.stats().leased() + core.stats().idle());
      require(core.close(0), what, core.stats());
    }
    assertBalanced(what);
  }

  private static void prepare() throws Exception {
    StackDepth other = new StackDepth();
    PoolCore<Parts.Part> core = new PoolCore<>(other.settings, other.handlers, 0, 1);
    Lease<Parts.Part> lease = core.acquire(0);
    try {
      core.acquire(TimeUnit.MILLISECONDS.toNanos(5)); // has waited, and has a message
    } catch (AcquireTimeoutException e) {
      core.line.raise(Line.HUNGRY);
      core.line.lower(Line.HUNGRY);
    }
    lease.close();
    core.closeNow();
  }

  /** Uses all kinds of pools. */
  public static void main(String[] args) throws Exception {
    Reaper.Client client = nanoTime -> Long.MAX_VALUE;
    Reaper.register(client, false); // for the reaper to be there
    prepare();
    new StackDepth().pool("leasing", null, null);
    new StackDepth().pool("checking", part -> true, null);
    new StackDepth().pool("resetting", null, part -> {});
    new StackDepth().pool("refusing", part -> false, null);
    new StackDepth().pool("failing to reset", null, part -> {
      throw new IllegalStateException("on purpose");
    });
    new StackDepth().poolWithKeys("with few keys", 2);
    new StackDepth().poolWithKeys("with many keys", MAXIMUM);
    new StackDepth().closing("closing");
    Reference.reachabilityFence(client);
    System.out.println("balanced");
    System.exit(0);
  }
}
