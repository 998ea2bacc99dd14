package leaksafe.testing;

import leaksafe.Ticker;

/** A key and a ticker that stands still, which fails the n-th time that it is asked for anything, and never again. For one thread. */
public final class FailsOnce implements Ticker {
  private int left;

  /** Has it fail at that moment, counted from 1; 0 for never. */
  public void at(int moment) {
    left = moment;
  }

  /** Returns whether that moment has come. */
  public boolean hasFailed() {
    return left == 0;
  }

  private void step() {
    if (left > 0 && --left == 0) {
      throw new IllegalStateException("fails on purpose");
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
