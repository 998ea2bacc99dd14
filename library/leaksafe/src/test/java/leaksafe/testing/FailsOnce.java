package leaksafe.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import leaksafe.Failure;
import leaksafe.Ticker;

/** A key and a ticker that stands still, which fails the n-th time that it is asked for anything, and never again. For one thread. */
public final class FailsOnce implements Ticker {
  private static final String MESSAGE = "fails on purpose";

  private int left;

  /** What is done while it fails. */
  @FunctionalInterface
  public interface Work<X extends Exception> {
    /** Does it. */
    void run() throws X;
  }

  /**
   * Does something in which this fails at a moment, counted from 1. Returns whether that moment came; if it did, somebody was told: who did it, or
   * the listener of these failures, which are forgotten before.
   */
  public <X extends Exception> boolean failsAt(int moment, List<Failure> failures, Work<X> work) throws X {
    failures.clear();
    left = moment;
    boolean thrown = false;
    try {
      work.run();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage(MESSAGE);
      thrown = true;
    }
    boolean failed = left == 0;
    left = 0;
    assertThat(thrown || !failures.isEmpty()).as("told of moment " + moment).isEqualTo(failed);
    assertThat(failures).allSatisfy(failure -> assertThat(failure.cause()).hasMessage(MESSAGE));
    return failed;
  }

  private void step() {
    if (left > 0 && --left == 0) {
      throw new IllegalStateException(MESSAGE);
    }
  }

  @Override
  public long read() {
    step();
    return 1;
  }

  @Override
  public int hashCode() {
    step();
    return 1;
  }

  @Override
  public boolean equals(Object other) {
    step();
    return other == this;
  }
}
