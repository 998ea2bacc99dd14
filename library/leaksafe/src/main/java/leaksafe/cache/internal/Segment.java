package leaksafe.cache.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Consumer;
import leaksafe.RemovalCause;
import org.jspecify.annotations.Nullable;

/**
 * A part of a cache: the lock under which the nodes whose hashes fall to it are changed, its hash table, and its share of the order.
 * Everything here is for the holder of the lock unless it says otherwise. How readers get along with it is argued in the package
 * description.
 */
@SuppressWarnings("serial")
final class Segment<K, V, N> extends SegmentLock {
  private static final VarHandle BIN = MethodHandles.arrayElementVarHandle(Object[].class);
  private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(Object[][].class);
  private static final VarHandle NODES;

  static {
    try {
      NODES = MethodHandles.lookup().findVarHandle(Segment.class, "nodes", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static final int FIRST_LENGTH = 8;
  /** The table is replaced when it has this share of nodes: more would have more readers walk on, and wait for memory twice. */
  static final long FILLED = 4;
  static final long FILLED_OF = 7;
  /** How long a chain may become before it is reported, and a cache with a maximum evicts from it: only equal hash codes make it so long. */
  static final int LONGEST_CHAIN = 64;
  /** How long it may become before a cache without a maximum evicts from it: nobody said that it may, but a hang would be worse. */
  static final int LONGEST_UNBOUNDED_CHAIN = 512;

  final Structure<K, V, N> cache;
  final Layout<K, V, N> layout;
  final Order<K, V, N> order;
  final Loads<K, V, N> loads;
  private final @Nullable Sweep<K, V, N> sweep; // null in a cache whose entries never die by themselves
  private final @Nullable GroupIndex<N> groups;
  private final int id;

  private N[] table; // what readers find in the cache's tables, or will when it is resized
  private boolean hadLongChain; // a chain was once so long that each insertion looks
  private int nodes; // written opaque under the lock, read opaque by anybody
  private @Nullable Removal<K, V> lastGone; // what left and was not told yet, newest first
  private boolean crowded; // a chain became too long, to be reported after the lock
  private @Nullable Object changed; // a key whose hash code is not what it was, to be reported after the lock

  Segment(Structure<K, V, N> cache, int id) {
    this.cache = cache;
    this.layout = cache.layout;
    this.id = id;
    this.table = cache.tables[id];
    this.order = cache.newOrder(this);
    this.loads = new Loads<>(cache);
    this.sweep = cache.sweeper == null ? null : new Sweep<>(this);
    this.groups = cache.groups == null ? null : new GroupIndex<>();
  }

  // ---- what left ----

  /** Remembers that a value left, for {@link #unlockAndTell}. */
  void gone(@Nullable K key, @Nullable V value, RemovalCause cause) {
    if (cache.removals != null) {
      lastGone = new Removal<>(key, value, cause, lastGone);
    }
  }

  /** Unlocks and then tells the removal listener of what left. */
  void unlockAndTell() {
    unlockAndTell(true);
  }

  /** As {@link #unlockAndTell}, for the reaper's thread, where users' code may not run. */
  void unlockAndTellLater() {
    unlockAndTell(false);
  }

  private void unlockAndTell(boolean now) {
    Removal<K, V> last = lastGone;
    boolean isCrowded = crowded;
    Object isChanged = changed;
    lastGone = null;
    crowded = false;
    changed = null;
    unlock();
    cache.wakeSweeper(this);
    if (isCrowded || isChanged != null) {
      cache.suspect(isChanged, now);
    }
    if (last != null && cache.removals != null) {
      cache.removals.deliver(last.inOrder(), now);
    }
  }

  // ---- the table ----

  static int bin(int hash, int length) {
    return (int) ((hash & 0xFFFF_FFF8L) * length >>> 32);
  }

  N[] table() {
    return table;
  }

  /** Opaque: anybody may ask. */
  int nodes() {
    return (int) NODES.getOpaque(this);
  }

  @Nullable N find(K key, int hash) {
    N[] table = table();
    N node = table[bin(hash, table.length)];
    int passed = 0;
    while (node != null && !(((layout.metaOpaque(node) ^ hash) & Node.HASH) == 0 && layout.holds(node, key))) {
      node = layout.next(node);
      passed++;
    }
    if (passed >= LONGEST_CHAIN) {
      hadLongChain = true;
    }
    return node;
  }

  /** Links a new node for a key that was looked for and has none; {@code full} if another was evicted for it. */
  N insert(K key, Object value, int hash, int weight, boolean full, long now, long lifetime) {
    if (hadLongChain) {
      limitChain(hash);
    }
    N node = layout.create(this, hash & Node.HASH | order.arrivalFlags(hash), key, value);
    layout.setWeight(node, weight);
    if (cache.expiration != null) {
      cache.expiration.written(this, node, now, lifetime);
    }
    N[] table = table();
    int count = nodes + 1;
    // All that can run out of memory comes before the first change.
    if (table.length <= 1) {
      table = resize(table, FIRST_LENGTH);
    } else if (count * FILLED_OF > table.length * FILLED) {
      table = resize(table, cache.grown(table.length));
    }
    order.added(node, full);
    int bin = bin(hash, table.length);
    layout.setNextRelease(node, table[bin]);
    // Release: pairs with the acquire of readers, who must see the fields of the node.
    BIN.setRelease(table, bin, node);
    NODES.setOpaque(this, count);
    return node;
  }

  /** Looks whether the chain is too long, and makes room in it where the cache may. */
  private void limitChain(int hash) {
    int chain = chainLength(hash);
    if (chain >= LONGEST_CHAIN) {
      crowded = true;
      if (chain >= (cache.budget != null ? LONGEST_CHAIN : LONGEST_UNBOUNDED_CHAIN)) {
        shortenChain(hash, chain);
      }
    }
  }

  private int chainLength(int hash) {
    N[] table = table();
    int length = 0;
    for (N node = table[bin(hash, table.length)]; node != null; node = layout.next(node)) {
      length++;
    }
    return length;
  }

  /** Evicts the oldest of a chain that only equal hash codes can have made so long. */
  private void shortenChain(int hash, int length) {
    N[] table = table();
    N oldest = null;
    for (N node = table[bin(hash, table.length)]; node != null; node = layout.next(node)) {
      // What has no weight leaves for no maximum, but a long search helps nobody.
      oldest = isEvictable(node) || length >= LONGEST_UNBOUNDED_CHAIN && layout.valueAcquire(node) != null ? node : oldest;
    }
    if (oldest != null) {
      remove(oldest, RemovalCause.SIZE);
    }
  }

  private void unlink(N node) {
    N[] table = table();
    int bin = bin(layout.metaOpaque(node), table.length);
    N before = null;
    for (N n = table[bin]; n != node; n = layout.next(n)) {
      if (n == null) {
        throw new IllegalStateException("a node is not in the chain of its hash: this is a bug of the library");
      }
      before = n;
    }
    // The node keeps its own successor: a reader that stands on it goes on.
    N after = layout.next(node);
    if (before == null) {
      BIN.setRelease(table, bin, after); // release: pairs with the readers' acquire
    } else {
      layout.setNextRelease(before, after);
    }
    NODES.setOpaque(this, nodes - 1);
    order.removed(node);
    if (groups != null) {
      groups.leave(layout.extras(node));
    }
    if (table.length > FIRST_LENGTH && nodes < table.length >>> 3) {
      resize(table, Math.max(FIRST_LENGTH, table.length >>> 1));
    }
  }

  /**
   * Replaces the table, and relinks the nodes in their order. Readers are told first: those that then miss on a chain that is being
   * relinked see that the table is another, and look again under the lock.
   */
  private N[] resize(N[] old, int length) {
    N[] table = layout.table(length);
    N[] last = layout.table(length);
    // Volatile: must be visible before the first relinked successor is, which the release of that alone would ensure, and
    // tells the story plainly; pairs with the second look of readers.
    TABLE.setVolatile(cache.tables, id, cache.resizing);
    for (N head : old) {
      for (N node = head; node != null; ) {
        N next = layout.next(node);
        int bin = bin(layout.metaOpaque(node), length);
        layout.setNextRelease(node, null);
        if (last[bin] == null) {
          table[bin] = node;
        } else {
          layout.setNextRelease(last[bin], node);
        }
        last[bin] = node;
        node = next;
      }
    }
    this.table = table;
    TABLE.setVolatile(cache.tables, id, table); // volatile: publishes the new table with its nodes
    order.resized(old.length, length);
    if (sweep != null) {
      sweep.resized(old.length, length);
    }
    return table;
  }

  void forEachNode(Consumer<N> action) {
    for (N head : table()) {
      for (N node = head; node != null; node = layout.next(node)) {
        action.accept(node);
      }
    }
  }

  // ---- entries ----

  /** Returns the sweep, in a cache whose entries may expire or be collected. */
  Sweep<K, V, N> sweep() {
    return Objects.requireNonNull(sweep);
  }

  /** Returns which entries carry which group, in a cache that has groups. */
  GroupIndex<N> groups() {
    return Objects.requireNonNull(groups);
  }

  /** Has an entry that was written be in these groups; null in a cache without groups. */
  void assignGroups(N node, Object @Nullable [] tags) {
    if (tags == null || groups == null) {
      return;
    }
    boolean done = false;
    try {
      groups.assign(node, layout.extras(node), tags);
      done = true;
    } finally {
      if (!done) {
        remove(node, RemovalCause.EXPLICIT); // out of memory, or an equals that throws: better no entry than one that no invalidation finds
      }
    }
  }

  /** Returns whether the node may leave for the maximum: not while it is being computed, and not if that frees nothing. */
  boolean isEvictable(N node) {
    return layout.valueAcquire(node) != null && (!cache.weighed || layout.weight(node) > 0);
  }

  boolean isExpired(N node, long now) {
    return cache.expiration != null && layout.deadlineOpaque(node) <= now;
  }

  /** Returns the live value of the node, or null if it is being computed, expired or collected. */
  @Nullable V liveValue(N node, long now) {
    Object raw = layout.valueAcquire(node);
    return raw == null || isExpired(node, now) || layout.isCollected(node) ? null : cache.unwrap(raw);
  }

  /** Takes the node out for the maximum, without giving back its permits. */
  void evict(N node, long now) {
    if (cache.share != null && !isExpired(node, now)) {
      cache.share.regret().evicted(layout.metaOpaque(node) & Node.HASH, layout.weight(node), (long) nodes * cache.segmentCount());
    }
    drop(node, isExpired(node, now) ? RemovalCause.EXPIRED : RemovalCause.SIZE);
  }

  /** Takes some entry out for the maximum and gives back its permits. Takes the lock itself. Returns false if there is none to take. */
  boolean evictOne(long now) {
    if (nodes() == 0) {
      return false;
    }
    lock();
    try {
      N victim = order.evict(null, now);
      if (victim != null) {
        cache.giveBack(layout.weight(victim));
      }
      return victim != null;
    } finally {
      unlockAndTell();
    }
  }

  /** Takes the node out and gives back its permits. */
  void remove(N node, RemovalCause cause) {
    drop(node, cause);
    cache.giveBack(layout.weight(node));
  }

  private void drop(N node, RemovalCause cause) {
    Object raw = layout.exchangeValue(node, null);
    unlink(node);
    if (raw == null) {
      return; // another has it, and tells
    }
    K key = layout.key(node);
    V value = cache.unwrap(raw);
    RemovalCause truth = key == null || value == null ? RemovalCause.COLLECTED : cause;
    if (truth.wasEvicted()) {
      cache.evicted(layout.weight(node));
      if ((layout.metaOpaque(node) >>> 3 & 15) == 0 && key != null && cache.hasChanged(key, layout.metaOpaque(node))) {
        changed = key;
      }
    }
    gone(key, value, truth);
  }

  /** Takes the node out if it has expired or its value was collected. Returns whether it did. */
  boolean removeIfDead(N node, long now) {
    Object raw = layout.valueAcquire(node);
    if (raw == null) {
      return false;
    }
    if (isExpired(node, now)) {
      remove(node, RemovalCause.EXPIRED);
    } else if (layout.isCollected(node) || cache.unwrap(raw) == null) {
      remove(node, RemovalCause.COLLECTED);
    } else {
      return false;
    }
    return true;
  }

  /** The reaper found the key of a node collected. */
  void reap(N node) {
    lock();
    try {
      if (layout.valueAcquire(node) != null) {
        remove(node, RemovalCause.COLLECTED);
      }
    } finally {
      unlockAndTellLater();
    }
  }

  /** The reaper found the value that a reference held collected. */
  void reapValue(WeakValue<K, V, N> reference, int hash) {
    lock();
    try {
      N[] table = table();
      for (N node = table[bin(hash, table.length)]; node != null; node = layout.next(node)) {
        if (layout.valueAcquire(node) == reference) {
          remove(node, RemovalCause.COLLECTED);
          return;
        }
      }
    } finally {
      unlockAndTellLater();
    }
  }

  /** Takes everything out, and has the loads that are running store nothing. */
  void clear(long now) {
    loads.supersedeAll(RemovalCause.EXPLICIT);
    N[] old = table();
    long permits = 0;
    for (N head : old) {
      for (N node = head; node != null; node = layout.next(node)) {
        permits += layout.weight(node);
        boolean expired = isExpired(node, now);
        Object raw = layout.exchangeValue(node, null);
        if (raw != null) {
          K key = layout.key(node);
          V value = cache.unwrap(raw);
          RemovalCause cause = key == null || value == null ? RemovalCause.COLLECTED : expired ? RemovalCause.EXPIRED : RemovalCause.EXPLICIT;
          if (cause.wasEvicted()) {
            cache.evicted(layout.weight(node));
          }
          gone(key, value, cause);
        }
      }
    }
    table = layout.table(FIRST_LENGTH);
    hadLongChain = false;
    TABLE.setVolatile(cache.tables, id, table); // volatile: as in resize
    NODES.setOpaque(this, 0);
    order.cleared();
    if (sweep != null) {
      sweep.cleared();
    }
    if (groups != null) {
      groups.clear();
    }
    cache.giveBack(permits);
  }
}
