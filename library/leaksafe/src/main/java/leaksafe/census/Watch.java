package leaksafe.census;

/** The watch over a container of another library. It ends when it is closed or when the container is collected; it need not be kept. */
public final class Watch implements AutoCloseable {
  private final Watching watching;

  Watch(Watching watching) {
    this.watching = watching;
  }

  /** Returns whether the container is still watched. */
  public boolean isActive() {
    return watching.isActive();
  }

  /** Ends the watch. Does nothing the second time. */
  @Override
  public void close() {
    watching.end();
  }

  @Override
  public String toString() {
    return "watch over " + watching.name() + (isActive() ? "" : ", ended");
  }
}
