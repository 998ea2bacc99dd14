package leaksafe.cache.internal;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import leaksafe.FailureListener;
import leaksafe.cache.MemoryPressure;
import leaksafe.cache.PressureStats;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/**
 * The one exact count of what the caches of a budget hold together. As in {@link Budget}, a permit is taken before a node is linked and
 * given back after it was unlinked, here and in the {@link Share} of the cache.
 *
 * <p>When a write finds no room, the cache with the least {@link Regret} gives way, or one that has to be tried. If that is the cache of the write itself it
 * evicts as any other; else the write lets go of its own segment's lock, has the other evict under its lock, and tries again.
 */
public final class SharedBudget implements PressureGauge.Target {
  /** For how many evictions a cache that was chosen to give way stays chosen, */
  private static final int CHOSEN = 16;
  /** or for this share of its entries if that is less: a choice that turns out wrong must not cost much. */
  private static final int CHOSEN_OF = 64;

  private static final long SHORTEST_HORIZON = 256;
  /** The horizon has so many evictions for each cache at least, few of which are trials. */
  private static final long HORIZON_A_CACHE = 32;

  private final Budget permits;
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private final AtomicLong time = new AtomicLong(); // in evictions

  // The choice and the horizon: written by whoever finds them outdated. Races are benign, since any recent choice will do.
  private volatile @Nullable Member chosen;
  private volatile long chosenUntil;
  private volatile long horizon = SHORTEST_HORIZON;
  private volatile long age;
  private volatile long ageEnds = SHORTEST_HORIZON;

  private final @Nullable String name;
  private final String site;
  private final @Nullable PressureGauge gauge;
  private final BudgetContainer container; // held here, since the census holds it weakly

  /** Makes a budget without caches. */
  public SharedBudget(@Nullable String name, long maximum, @Nullable MemoryPressure pressure, FailureListener failures) {
    this.name = name;
    this.site = CallSite.capture();
    this.permits = new Budget(maximum, true);
    this.gauge = pressure == null ? null : new PressureGauge(this, pressure, failures);
    this.container = new BudgetContainer(this, site);
  }

  /** Makes the budget known to the census and the reaper, which a constructor must not. */
  public void start() {
    container.announce();
    if (gauge != null) {
      gauge.register();
    }
  }

  @Override
  public String name() {
    return name != null ? name : Containers.defaultName("budget", site);
  }

  /** Returns the name, for messages. */
  @Override
  public String toString() {
    return name();
  }

  /** Returns what pressure did to the maximum, or null if there is no gauge. */
  public @Nullable PressureStats pressure() {
    return gauge == null ? null : gauge.stats();
  }

  /** Returns what watches the heap, for tests. */
  @Nullable PressureGauge gauge() {
    return gauge;
  }

  /** A cache of the budget: held weakly, and what it held is given back when it was collected. */
  static final class Member extends WeakReference<SegmentedCache<?, ?, ?>> implements Reapable {
    final Share share;

    Member(SegmentedCache<?, ?, ?> cache, Share share) {
      super(cache, Reaper.queue());
      this.share = share;
    }

    /**
     * Every change of the share happens under the lock of a segment, which reaches the cache. So when the cache was collected there
     * is none under way, and none will come.
     */
    @Override
    public void reap() {
      share.shared().leave(this);
    }

    double density() {
      return share.regret().density(share.get(), entries());
    }

    /** Returns for how many evictions it stays chosen. */
    long commitment() {
      return share.regret().wantsTrial() ? 1 : Math.max(1, Math.min(CHOSEN, entries() / CHOSEN_OF));
    }

    long entries() {
      SegmentedCache<?, ?, ?> cache = get();
      return cache == null ? 0 : cache.estimatedSize();
    }

    /** Has the cache evict an entry. Not under a lock. */
    boolean evictOne() {
      SegmentedCache<?, ?, ?> cache = get();
      return cache != null && share.get() > 0 && cache.evictOne();
    }
  }

  /** What is known of a cache, for views. */
  public record Standing(String cache, long weight, double density) {}

  void join(SegmentedCache<?, ?, ?> cache, Share share) {
    members.add(new Member(cache, share));
  }

  private void leave(Member member) {
    if (members.remove(member)) {
      giveBack(member.share.get());
      if (chosen == member) {
        chosen = null;
      }
    }
  }

  @Override
  public long currentMaximum() {
    return permits.maximum();
  }

  // ---- permits ----

  public long maximum() {
    return permits.maximum();
  }

  /** Returns the sum of the weights. */
  public long taken() {
    return permits.get();
  }

  /** Returns how many entries left for the bound. */
  public long evictions() {
    return time.get();
  }

  /** Returns the caches that are there. */
  public List<Standing> standings() {
    return members.stream().flatMap(member -> {
      SegmentedCache<?, ?, ?> cache = member.get();
      return cache == null ? Stream.empty()
          : Stream.of(new Standing(cache.name(), member.share.get(), member.density()));
    }).toList();
  }

  int caches() {
    return members.size();
  }

  boolean tryTake(long wanted) {
    return permits.tryTake(wanted);
  }

  void giveBack(long unneeded) {
    permits.giveBack(unneeded);
  }

  long room() {
    return permits.room();
  }

  boolean hasRoom(long wanted) {
    return permits.hasRoom(wanted);
  }

  boolean isExceeded() {
    return permits.isExceeded();
  }

  boolean isHalfFull() {
    return permits.isHalfFull();
  }

  /** Sets the maximum, and evicts until it is kept. Not under a lock. */
  public void setMaximum(long maximum) {
    if (gauge != null) {
      gauge.userSets(maximum);
    }
    permits.setMaximum(maximum);
    makeRoom(0);
  }

  @Override
  public boolean replaceMaximum(long expected, long maximum) {
    boolean replaced = permits.replaceMaximum(expected, maximum);
    if (replaced) {
      makeRoom(0);
    }
    return replaced;
  }

  // ---- who gives way ----

  /** Counts an eviction, and returns the time. */
  long tick() {
    long now = time.incrementAndGet();
    if (now >= ageEnds) {
      ageEnds = now + horizon;
      age++; // a race may lose one, or count one twice
    }
    return now;
  }

  long time() {
    return time.get();
  }

  /** Returns within how many evictions a return counts. */
  long horizon() {
    return horizon;
  }

  /** Returns how many horizons have passed. */
  long age() {
    return age;
  }

  /** Returns whether it is for another cache than the one of the share to give way. */
  boolean isForOthers(Share share) {
    Member least = least();
    return least != null && least.share != share;
  }

  /** Evicts, from the cache with the least regret, until there is room for so many permits. Returns false if nobody has anything to give. */
  boolean makeRoom(long wanted) {
    while (!hasRoom(wanted)) {
      Member least = least();
      if (least == null || !least.evictOne()) {
        chosen = null;
        // All that it has weighs nothing or is being computed: whoever has.
        if (members.stream().noneMatch(Member::evictOne)) {
          return false;
        }
      }
    }
    return true;
  }

  private @Nullable Member least() {
    Member least = chosen;
    if (least == null || time.get() >= chosenUntil || least.share.get() <= 0) {
      least = choose();
      chosen = least;
      chosenUntil = time.get() + (least == null ? 0 : least.commitment());
    }
    return least;
  }

  private @Nullable Member choose() {
    Member least = null;
    double density = 0;
    long entries = 0;
    for (Member member : members) {
      long weight = member.share.get();
      if (weight > 0) {
        entries += member.entries();
        double of = member.share.regret().wantsTrial() ? -1 : member.density();
        if (least == null || of < density || of == density && weight > least.share.get()) {
          least = member;
          density = of;
        }
      }
    }
    horizon = Math.max(Math.max(SHORTEST_HORIZON, members.size() * HORIZON_A_CACHE), entries / 4);
    return least;
  }
}
