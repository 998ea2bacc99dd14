package leaksafe.resource.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import leaksafe.Container;
import leaksafe.FailureListener;
import leaksafe.Leak;
import leaksafe.LeakListener;
import leaksafe.internal.Containers;
import leaksafe.internal.LeakWatch;
import leaksafe.internal.Reaper;
import leaksafe.resource.LeakGroup;
import leaksafe.resource.OpenGroup;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are open, and what became of those that were dropped.
 *
 * <p>The references to the open objects are reachable from here and from nowhere else of ours. So they, with their cleanup actions, and
 * the listeners, live no longer than who holds the tracker.
 */
public final class TrackerCore implements Reaper.Client, Container {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int STRIPES = stripes(Runtime.getRuntime().availableProcessors());
  private static final VarHandle STRIPE = MethodHandles.arrayElementVarHandle(Stripe[].class);

  private final String name;
  private final String leakKind;
  private final String site;
  private final @Nullable Stripe[] stripes = new Stripe[STRIPES];
  private final LeakTally tally;
  private final SampleRate sampling;

  // Written under `watching`, which is held while the reaper's lock is taken and never the other way round.
  private final ReentrantLock watching = new ReentrantLock();
  private volatile boolean watched;
  private long watchedSince;
  private Reaper.@Nullable Registration registration;

  private final AtomicReference<@Nullable String> usualClass = new AtomicReference<>(); // of the first object that has an action

  /** Creates a tracker; the reaper watches for as long as it is reachable and something is open. */
  public TrackerCore(String name, String leakKind, String site, int sampleSites, @Nullable LeakListener leakListener,
      FailureListener failureListener) {
    this(name, leakKind, site, sampleSites, leakListener, failureListener, Reaper.userCodeExecutor());
  }

  /** Creates one whose listeners and actions are called by an executor. */
  TrackerCore(String name, String leakKind, String site, int sampleSites, @Nullable LeakListener leakListener, FailureListener failureListener,
      Executor executor) {
    this.name = name;
    this.leakKind = leakKind;
    this.site = site;
    this.sampling = new SampleRate(sampleSites);
    this.tally = new LeakTally(name, leakKind, leakListener, failureListener, executor);
  }

  private static int stripes(int processors) {
    return Math.min(64, Integer.highestOneBit(Math.max(1, processors) * 8 - 1));
  }

  /** Has the reaper watch, for as long as something is open: see {@link #work}. */
  private void watch() {
    watching.lock();
    try {
      if (!watched) {
        watchedSince = System.nanoTime();
        Seconds.tick(watchedSince);
        registration = Reaper.register(this, false);
        watched = true;
      }
    } finally {
      watching.unlock();
    }
  }

  /** Makes this visible to the census. */
  public TrackerCore announced() {
    Containers.announce(this);
    return this;
  }

  /** Tracks an object, with its call site if its turn has come. */
  public TrackedReference track(Object object, @Nullable Runnable cleanup) {
    boolean sampled = sampling.next();
    String what = object.getClass().getName();
    if (cleanup != null) {
      CleanupCheck.refuseIfItReaches(name, cleanup, object, sampled);
    }
    if (sampled) {
      return add(object, new Detail(what, Sites.openerOf(object.getClass()), cleanup, null));
    }
    return add(object, cleanup == null ? what : withAction(what, cleanup));
  }

  private Object withAction(String what, Runnable cleanup) {
    String usual = usualClass.get();
    if (usual == null) {
      usual = usualClass.compareAndSet(null, what) ? what : usualClass.get();
    }
    return what.equals(usual) ? cleanup : new Detail(what, null, cleanup, null);
  }

  /** Tracks an object whose name and call site are known, with a listener of its own unless it is null. */
  TrackedReference track(Object object, String what, String callSite, @Nullable Runnable cleanup, @Nullable LeakListener listener) {
    return add(object, new Detail(what, callSite, cleanup, listener));
  }

  private TrackedReference add(Object object, Object detail) {
    Stripe stripe = stripe();
    Chunk chunk = stripe.current();
    int slot = chunk.claim();
    while (slot < 0) {
      chunk = stripe.next(chunk);
      slot = chunk.claim();
    }
    // Volatile, after the claim: work() clears the flag before it counts the claims, so that one of the two sees the other.
    if (!watched) {
      watch();
    }
    TrackedReference reference = new TrackedReference(object, chunk, slot, detail);
    chunk.fill(slot, reference);
    // Or the reference could be enqueued and looked for by the reaper before it is in its place.
    Reference.reachabilityFence(object);
    return reference;
  }

  private Stripe stripe() {
    int index = (int) Thread.currentThread().getId() & STRIPES - 1; // identifiers are given in sequence, so these are spread evenly
    // Acquire: pairs with the compare-and-set that published the stripe.
    Stripe stripe = (Stripe) STRIPE.getAcquire(stripes, index);
    return stripe != null ? stripe : newStripe(index);
  }

  private Stripe newStripe(int index) {
    Stripe stripe = new Stripe(this);
    Stripe witness = (Stripe) STRIPE.compareAndExchange(stripes, index, (Stripe) null, stripe);
    return witness == null ? stripe : witness;
  }

  /** Called by the reaper: an object was dropped. */
  void leaked(Leak leak, @Nullable Runnable cleanup, @Nullable LeakListener listener) {
    try {
      LeakWatch.tell(leak);
    } finally {
      tally.add(leak, cleanup, listener);
    }
  }

  /** Ticks, and gives empty chunks back. Stops being called when nothing is open and all leaks are being told, so that the reaper can end. */
  @Override
  public long work(long nanoTime) {
    Seconds.tick(nanoTime);
    sampling.second();
    for (int i = 0; i < STRIPES; i++) {
      Stripe stripe = (Stripe) STRIPE.getAcquire(stripes, i);
      if (stripe != null) {
        stripe.sweep();
      }
    }
    boolean untold = tally.retry();
    watching.lock();
    try {
      // Not at once: what is opened and closed in turn would have the reaper started for each.
      if (nanoTime - watchedSince < PERIOD_NANOS) {
        return PERIOD_NANOS;
      }
      watched = false; // see add()
      if (untold || open() > 0) {
        watched = true;
        return PERIOD_NANOS;
      }
      if (registration != null) {
        registration.cancel();
      }
      return Long.MAX_VALUE;
    } finally {
      watching.unlock();
    }
  }

  /** Returns how many are open: exact if nobody opens or closes meanwhile. */
  public long open() {
    long count = 0;
    for (int i = 0; i < STRIPES; i++) {
      Stripe stripe = (Stripe) STRIPE.getAcquire(stripes, i);
      count += stripe == null ? 0 : stripe.count();
    }
    return count;
  }

  /** Returns what is open by class and call site, most first. */
  public List<OpenGroup> openGroups() {
    Map<String, OpenGroup> groups = new TreeMap<>();
    for (Chunk chunk : chunks()) {
      for (int slot = 0; slot < Chunk.SLOTS; slot++) {
        TrackedReference reference = chunk.at(slot);
        Leak leak = reference == null ? null : reference.leak();
        if (leak != null) {
          OpenGroup one = new OpenGroup(leak.what(), leak.site(), 1, leak.age());
          groups.merge(leak.what() + '\n' + leak.site(), one, (a, b) -> new OpenGroup(a.what(), a.site(), a.count() + b.count(),
              a.oldest().compareTo(b.oldest()) >= 0 ? a.oldest() : b.oldest()));
        }
      }
    }
    return groups.values().stream().sorted((a, b) -> Long.compare(b.count(), a.count())).toList();
  }

  private Collection<Chunk> chunks() {
    List<Chunk> all = new ArrayList<>();
    for (int i = 0; i < STRIPES; i++) {
      Stripe stripe = (Stripe) STRIPE.getAcquire(stripes, i);
      if (stripe != null) {
        all.addAll(stripe.chunks());
      }
    }
    return all;
  }

  /** Returns how many were found leaked. */
  public long leaked() {
    return tally.total();
  }

  /** Returns the leaks by class and call site, most first. */
  public List<LeakGroup> leakGroups() {
    return tally.groups();
  }

  /** Changes how often call sites are captured: for one of so many objects; 1 for all, 0 for none. */
  public void sampleSites(int every) {
    sampling.every(every);
  }

  String usualClass() {
    return Objects.requireNonNullElse(usualClass.get(), "?");
  }

  @Override
  public String name() {
    return name;
  }

  /** Returns what leaks here, in one word. */
  String leakKind() {
    return leakKind;
  }

  @Override
  public String kind() {
    return "tracker";
  }

  @Override
  public String creationSite() {
    return site;
  }

  @Override
  public long estimatedSize() {
    return open();
  }

  @Override
  public String bound() {
    return "weak";
  }

  @Override
  public Map<String, Number> figures() {
    return Map.of("open", open(), "leaked", leaked());
  }

  @Override
  public Map<String, Long> sites() {
    Map<String, Long> sites = new TreeMap<>();
    for (OpenGroup group : openGroups()) {
      sites.merge(group.site(), group.count(), Long::sum);
    }
    return sites;
  }
}
