package leaksafe.cache.internal;

/**
 * The permits of a cache that shares a {@link SharedBudget} with others: each is one of the cache's own and one of the shared. All changes
 * are made under the lock of a segment of the cache.
 */
final class Share extends Budget {
  private final SharedBudget shared;
  private final Regret regret;

  /** {@code own}: the cache's own maximum besides, {@link Long#MAX_VALUE} for none. */
  Share(SharedBudget shared, long own, boolean weighed) {
    super(own, weighed);
    this.shared = shared;
    this.regret = new Regret(shared);
  }

  SharedBudget shared() {
    return shared;
  }

  Regret regret() {
    return regret;
  }

  @Override
  long maximum() {
    return Math.min(super.maximum(), shared.maximum());
  }

  @Override
  boolean isHalfFull() {
    return shared.isHalfFull() || super.isHalfFull();
  }

  @Override
  boolean isExceeded() {
    return hasSurplus() || shared.isExceeded();
  }

  @Override
  boolean tryTake(long permits) {
    // The shared first, so that no cache counts more than it has.
    if (!shared.tryTake(permits)) {
      return false;
    }
    if (!super.tryTake(permits)) {
      shared.giveBack(permits);
      return false;
    }
    return true;
  }

  @Override
  long room() {
    return Math.min(super.room(), shared.room());
  }

  @Override
  boolean hasRoom(long permits) {
    return shared.hasRoom(permits) && super.hasRoom(permits);
  }

  @Override
  void giveBack(long permits) {
    if (permits != 0) {
      super.giveBack(permits);
      shared.giveBack(permits);
    }
  }

  /** Returns whether it is for another cache to give way for so many permits. */
  boolean isForOthers(long permits) {
    return super.hasRoom(permits) && shared.isForOthers(this);
  }

  /** Makes room for so many permits wherever least is lost. Not under a lock. Returns false if that is impossible. */
  boolean makeRoom(long permits) {
    return super.hasRoom(permits) && shared.makeRoom(permits);
  }
}
