package leaksafe.cache.internal;

import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The order that learns: a window in order of age for newcomers, and a main area that a hand sweeps in the order of the hash table.
 *
 * <p>A hit only sets the entry's use flag. The hand and the end of the window clear it, and tell the {@link Sketch} then, so that a hot
 * key costs the sketch one count a pass. By the first rule (after TinyLFU) what was used in the window goes round in it, and the
 * first that was not takes the place of main's victim if it was asked for at least {@value #LEAST} times and more often than that; else
 * it leaves. By the second rule (after S3-FIFO) what was used in the window goes to main, the rest leaves, and newcomers that the
 * sketch has seen {@value #SEEN} times go straight to main. The {@link Duel} says which rule, and how large the window is.
 *
 * <p>The order of the table is no order of time: what comes to main just ahead of the hand would be looked at before it had a chance to be
 * used. Where the duel says so, what comes within half a round ahead of the hand is passed over once, so that all stay for half a round to
 * one and a half before they are looked at. That is as good as the order of age, which long scans need; loops do better without.
 *
 * <p>Every step of the hand was paid for by a hit since its last pass, and besides each call takes at most {@value #STEPS} steps.
 *
 * <p>Sources: J. Yang et al., "FIFO Queues are All You Need for Cache Eviction" (2023), G. Einziger et al., "TinyLFU" (2017),
 * F. Corbató, "A Paging Experiment with the Multics System" (1968).
 */
final class AdaptiveOrder<K, V, N> extends Order<K, V, N> {
  /** From which frequency on a newcomer goes straight to main by the second rule. */
  static final int SEEN = 3;
  /** From which frequency on an entry of the window may take the place of another by the first rule. */
  static final int LEAST = 2;

  private static final int SEEN_BEFORE = 1; // in the ring, where the flags of a hash are free
  private static final int STEPS = 512;
  private static final int MOVES = 64;

  private final Segment<K, V, N> segment;
  private final Layout<K, V, N> layout;
  private final Budget budget;
  private final Duel duel;

  private final Ring ring = new Ring();
  private int window; // nodes with the window flag
  private int handBin;
  private int handSkip; // how many nodes of the hand's bin are behind it
  private boolean seenBefore; // whether the sketch knew the newcomer that is about to be added
  private boolean poppedSeen; // whether it knew what was popped last, when that came or since
  private @Nullable Sketch sketch;

  AdaptiveOrder(Segment<K, V, N> segment, Budget budget, Duel duel) {
    this.segment = segment;
    this.layout = segment.layout;
    this.budget = budget;
    this.duel = duel;
  }

  /** Returns the size of the window in so many entries. */
  static int windowMax(double share, int entries) {
    return Math.max(1, Math.min(entries - 1, (int) (share * entries + 0.5)));
  }

  @Override
  int arrivalFlags(int hash) {
    Sketch counts = sketch;
    seenBefore = false;
    // Nothing is counted until the cache is half full, or what came first would look popular.
    if (counts == null || segment.nodes() > counts.entries() * 2L) {
      if (!budget.isHalfFull()) {
        return Node.WINDOW;
      }
      counts = sketch = startSketch();
    }
    int before = counts.increment(hash);
    seenBefore = before > 0;
    duel.offer(hash);
    return duel.second() && before + 1 >= SEEN ? 0 : Node.WINDOW;
  }

  private Sketch startSketch() {
    if (!duel.isStarted()) {
      duel.start(budget.isWeighed() ? 2 * segment.cache.size() : budget.maximum());
    }
    int nodes = segment.nodes();
    long share = budget.isWeighed() ? Long.MAX_VALUE : budget.maximum() / segment.cache.segmentCount();
    return new Sketch((int) Math.max(16, Math.min(2L * nodes, Math.max(share, nodes + nodes / 4))));
  }

  @Override
  void added(N node, boolean full) {
    int meta = layout.metaOpaque(node);
    if ((meta & Node.WINDOW) == 0) {
      return;
    }
    push(meta & Node.HASH, seenBefore);
    window++;
    if (!full && window > windowMax(duel.share(), segment.nodes())) {
      // There is room: the overflow of the window is good for main, and the ring stays small.
      N oldest = popWindow();
      if (oldest != null) {
        toMain(oldest);
      }
    }
  }

  @Override
  void removed(N node) {
    if ((layout.metaOpaque(node) & Node.WINDOW) != 0) {
      window--;
    }
  }

  @Override
  @Nullable N evict(@Nullable N spared, long now) {
    int nodes = segment.nodes();
    if (nodes == 0) {
      return null;
    }
    boolean second = duel.second();
    int windowMax = windowMax(duel.share(), nodes);
    int moves = MOVES;
    for (int steps = STEPS; ; steps--) {
      N oldest = window >= windowMax || nodes == window ? popWindow() : null;
      if (oldest == null) {
        N victim = victim(spared, now);
        return victim != null ? leave(victim, now) : lastResort(spared, now);
      }
      if (oldest == spared || !segment.isEvictable(oldest)) {
        toMain(oldest);
        if (steps < 0) {
          return lastResort(spared, now);
        }
      } else if (steps > 0 && takeUse(oldest)) {
        if (second) {
          toMain(oldest);
        } else {
          push(layout.metaOpaque(oldest) & Node.HASH, true);
        }
      } else if (second) {
        return leave(oldest, now);
      } else if (window > windowMax && --moves > 0) {
        toMain(oldest);
      } else {
        return contest(oldest, spared, now);
      }
    }
  }

  /** Lets the oldest of the window and main's victim compete for the one place. */
  private N contest(N oldest, @Nullable N spared, long now) {
    Sketch counts = sketch;
    // Most newcomers of a scan were never seen before and not used since: that they came once is known without asking the sketch, whose
    // four counters are as many misses of the processor's cache.
    int frequency = counts == null || !poppedSeen ? 0 : counts.frequency(layout.metaOpaque(oldest));
    if (counts != null && frequency >= LEAST) {
      N victim = victim(spared, now);
      if (victim != null && frequency > counts.frequency(layout.metaOpaque(victim))) {
        toMain(oldest);
        return leave(victim, now);
      }
    }
    return leave(oldest, now);
  }

  private N leave(N node, long now) {
    segment.evict(node, now);
    return node;
  }

  /** Clears the use flag and tells the sketch if it was set. */
  private boolean takeUse(N node) {
    int meta = layout.metaOpaque(node);
    if ((meta & Node.USED) == 0) {
      return false;
    }
    layout.flag(node, Node.USED, 0);
    if (sketch != null) {
      sketch.increment(meta & Node.HASH);
    }
    return true;
  }

  private void toMain(N node) {
    int length = segment.table().length;
    int ahead = Segment.bin(layout.metaOpaque(node), length) - handBin;
    boolean early = duel.spares() && (ahead < 0 ? ahead + length : ahead) < length / 2;
    layout.flag(node, Node.WINDOW, early ? Node.MARK : 0);
    window--;
  }

  /** Returns whether the hand passes over a node of main, for its use or because it came lately, and has that count no more. */
  private boolean pass(N node) {
    if ((layout.metaOpaque(node) & Node.MARK) != 0) {
      layout.flag(node, Node.MARK, 0);
      takeUse(node);
      return true;
    }
    return takeUse(node);
  }

  /** Moves the hand to the next node of main that was not used, or the last it saw if it saw many. The hand stays there. */
  private @Nullable N victim(@Nullable N spared, long now) {
    if (segment.nodes() == window) {
      return null;
    }
    N[] table = segment.table();
    int left = STEPS;
    // Twice round: the first may only clear flags.
    for (long bins = 2L * table.length; bins >= 0; bins--) {
      if (handBin >= table.length) {
        handBin = 0;
        handSkip = 0;
      }
      int place = 0;
      for (N node = table[handBin]; node != null; node = layout.next(node), place++) {
        if (place < handSkip || (layout.metaOpaque(node) & Node.WINDOW) != 0 || node == spared || !segment.isEvictable(node)) {
          continue;
        }
        if (!pass(node) || --left <= 0 || segment.isExpired(node, now)) {
          handSkip = place;
          return node;
        }
      }
      handBin++;
      handSkip = 0;
    }
    return null;
  }

  /** Nothing in main may leave: takes whatever may, in the order of the table. */
  private @Nullable N lastResort(@Nullable N spared, long now) {
    N[] table = segment.table();
    for (N bin : table) {
      for (N node = bin; node != null; node = layout.next(node)) {
        if (node != spared && segment.isEvictable(node)) {
          return leave(node, now);
        }
      }
    }
    return null;
  }

  /** Takes the oldest hash off the ring that still has a node in the window, and returns the node. */
  private @Nullable N popWindow() {
    while (ring.size() > 0) {
      int popped = ring.pop();
      N node = inWindow(popped & Node.HASH, 0);
      if (node != null) {
        poppedSeen = (popped & SEEN_BEFORE) != 0;
        return node;
      }
    }
    return null;
  }

  private @Nullable N inWindow(int hash, int flags) {
    N[] table = segment.table();
    for (N node = table[Segment.bin(hash, table.length)]; node != null; node = layout.next(node)) {
      if ((layout.metaOpaque(node) & ~Node.USED) == (hash | Node.WINDOW | flags)) {
        return node;
      }
    }
    return null;
  }

  private void push(int hash, boolean seen) {
    if (ring.isFull()) {
      compact();
    }
    ring.push(seen ? hash | SEEN_BEFORE : hash);
  }

  /** Drops the stale hashes, and those that appear more often than there are nodes, and makes room. */
  private void compact() {
    int[] kept = new int[ring.size()];
    int count = 0;
    for (int i = 0; i < ring.size(); i++) {
      int hash = ring.get(i);
      N node = inWindow(hash & Node.HASH, 0);
      if (node != null) {
        layout.flag(node, 0, Node.MARK);
        kept[count++] = hash;
      }
    }
    for (int i = 0; i < count; i++) {
      N node = inWindow(kept[i] & Node.HASH, Node.MARK);
      if (node != null) {
        layout.flag(node, Node.MARK, 0);
      }
    }
    ring.assign(kept, count);
  }

  @Override
  void resized(int oldLength, int newLength) {
    handBin = (int) ((long) handBin * newLength / oldLength);
    handSkip = 0;
  }

  @Override
  void cleared() {
    ring.clear();
    window = 0;
    handBin = 0;
    handSkip = 0;
  }

  @Override
  void rank(ObjLongConsumer<N> ranking) {
    Sketch counts = sketch;
    segment.forEachNode(node -> {
      int meta = layout.metaOpaque(node);
      int frequency = counts == null ? 0 : counts.frequency(meta & Node.HASH);
      ranking.accept(node, frequency + ((meta & Node.USED) != 0 ? 16 : 0) + ((meta & Node.WINDOW) == 0 ? 32 : 0));
    });
  }

  @Override
  void verify() {
    int[] flagged = new int[1];
    segment.forEachNode(node -> {
      int meta = layout.metaOpaque(node);
      Invariants.ensure((meta & (Node.MARK | Node.WINDOW)) != (Node.MARK | Node.WINDOW), "a mark was left behind");
      flagged[0] += (meta & Node.WINDOW) != 0 ? 1 : 0;
    });
    Invariants.ensure(flagged[0] == window, "the window counts " + window + " nodes and has " + flagged[0]);
    int before = window;
    compact();
    Invariants.ensure(ring.size() == before, "of " + before + " nodes of the window the ring has " + ring.size());
  }
}
