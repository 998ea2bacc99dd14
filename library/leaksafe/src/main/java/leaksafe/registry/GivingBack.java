package leaksafe.registry;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;

/** Has a registry that was dropped without being closed give back its slots in the keys that live on. */
final class GivingBack extends WeakReference<WeakRegistry<?, ?>> implements Reapable {
  /** Keeps the references until their registries are collected. Holds rosters, which hold nothing that a user made. */
  private static final Set<GivingBack> PENDING = ConcurrentHashMap.newKeySet();

  private final Roster roster;

  private GivingBack(WeakRegistry<?, ?> registry, Roster roster) {
    super(registry, Reaper.queue());
    this.roster = roster;
  }

  static GivingBack when(WeakRegistry<?, ?> dropped, Roster roster) {
    GivingBack pending = new GivingBack(dropped, roster);
    PENDING.add(pending);
    return pending;
  }

  /** The registry was closed: there is nothing to give back any more. */
  void cancel() {
    PENDING.remove(this);
    clear();
  }

  @Override
  public void reap() {
    PENDING.remove(this);
    // Not on the reaper's thread: there may be millions of keys.
    Reaper.userCodeExecutor().execute(roster::close);
  }
}
