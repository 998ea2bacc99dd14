package leaksafe;

/** Why a value left its container. */
public enum RemovalCause {
  /** The user removed it. */
  EXPLICIT(false),
  /** The user gave the key another value. */
  REPLACED(false),
  /** Its weakly held key or value was collected. */
  COLLECTED(true),
  /** Its lifetime ended. */
  EXPIRED(true),
  /** It had to give way for the bound on size or weight. */
  SIZE(true);

  private final boolean evicted;

  RemovalCause(boolean evicted) {
    this.evicted = evicted;
  }

  /** Returns whether the container decided, and not the user. */
  public boolean wasEvicted() {
    return evicted;
  }
}
