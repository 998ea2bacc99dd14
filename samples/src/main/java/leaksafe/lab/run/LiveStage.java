package leaksafe.lab.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import leaksafe.lab.input.JdkClasses;

/** The stage of a child: streams the classes until the limits are reached, and tells how far it is. */
final class LiveStage implements Stage {
  private static final long TELL_EVERY_MILLIS = 200;

  private final Limits limits;
  private final Path index;
  private final LongConsumer progress;
  private final AtomicLong operations = new AtomicLong();
  private volatile long startNanos = System.nanoTime();
  private LongConsumer afterEach = done -> { };

  LiveStage(Limits limits, Path index, LongConsumer progress) {
    this.limits = limits;
    this.index = index;
    this.progress = progress;
  }

  /** Starts the time, and has the consumer told how many operations were done after each, on the thread that does them. */
  void start(LongConsumer afterEach) {
    this.afterEach = afterEach;
    startNanos = System.nanoTime();
  }

  long operations() {
    return operations.get();
  }

  long elapsedMillis() {
    return (System.nanoTime() - startNanos) / 1_000_000;
  }

  @Override
  public void forEachClass(Operation operation) throws Exception {
    long told = 0;
    try (JdkClasses classes = open()) {
      long elapsed = elapsedMillis();
      while (!limits.reached(operations.get(), elapsed)) {
        operation.run(classes.next());
        afterEach.accept(operations.incrementAndGet());
        elapsed = elapsedMillis();
        if (elapsed - told >= TELL_EVERY_MILLIS) {
          told = elapsed;
          progress.accept(operations.get());
        }
      }
    }
    progress.accept(operations.get());
  }

  private JdkClasses open() throws IOException {
    return new JdkClasses(index);
  }
}
