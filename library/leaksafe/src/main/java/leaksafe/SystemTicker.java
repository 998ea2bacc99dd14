package leaksafe;

/** {@link System#nanoTime} as a ticker. An enum, so that a container can tell it from a user's ticker by identity. */
enum SystemTicker implements Ticker {
  INSTANCE;

  @Override
  public long read() {
    return System.nanoTime();
  }

  @Override
  public String toString() {
    return "Ticker.systemTicker()";
  }
}
