package leaksafe.registry.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import leaksafe.internal.Reachability;
import leaksafe.internal.Reapable;
import leaksafe.internal.Reaper;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of weak references, in which a node is the reference: one object for each element. What is looked for, and how elements
 * are compared, is up to the subclasses.
 *
 * <p><b>Structure.</b> An array of bins, each the head of a chain of nodes. The low bits of the hash choose the bin, the lowest of them
 * the stripe. A stripe is a lock and a count; it guards the bins with its bits, in every array, since no array is shorter than the
 * number of stripes. The locks are not monitors, so that virtual threads do not pin, and users' code never runs under one. The stripes
 * are taken one at a time, or, by a resize and by nobody else, all of them in ascending order.
 *
 * <p><b>Why lock-free reads are right.</b> A node is published by a release store into its bin, and never changes but in its
 * {@code next} and in what a subclass adds. A reader follows the chain by acquire loads.
 * <ul>
 *   <li><em>A hit needs no validation.</em> A node that a reader comes to was in the table at a moment during the read: either it was
 *       when the reader loaded the pointer to it, or the pointer is the {@code next} of a node that was itself removed during the
 *       read, while this one was behind it still, or the removal would have gone around it.
 *   <li><em>A miss is validated.</em> Insertions are at the head, and removals leave the {@code next} of the removed node as it is, so
 *       without a resize a reader passes every node that was there all the time. A resize moves nodes to other chains. It raises
 *       {@code resizing} before the first move, and sets {@code bins} before it lowers it. A reader that followed a moved {@code next}
 *       therefore finds {@code resizing} raised, or after that other {@code bins}: it must look in this order. It looks
 *       again under the lock then.
 *   <li><em>A read ends.</em> During a resize each {@code next} is written once, to a node that was moved earlier, so no cycle arises.
 * </ul>
 *
 * <p><b>Letting go.</b> The collector enqueues the node of a dead element on the reaper's queue and the reaper unlinks it; an array that
 * became much too long is replaced by a shorter one.
 *
 * <table>
 * <caption>Fields, and who may touch them</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard</th></tr>
 * <tr><td>{@code bins}</td><td>volatile, anybody</td><td>volatile</td><td>all stripes</td></tr>
 * <tr><td>element of {@code bins}</td><td>acquire, anybody</td><td>release</td><td>its stripe</td></tr>
 * <tr><td>{@code Node.next}</td><td>acquire, anybody</td><td>release</td><td>its stripe</td></tr>
 * <tr><td>{@code resizing}</td><td>volatile, anybody</td><td>volatile</td><td>all stripes</td></tr>
 * <tr><td>{@code Stripe.insertions}</td><td>acquire, anybody</td><td>release</td><td>its stripe</td></tr>
 * <tr><td>{@code Stripe.count}</td><td>plain; outside the lock a benign race, for the estimated size</td><td>plain</td><td>its stripe</td></tr>
 * <tr><td>{@code closed}</td><td>under any stripe</td><td>volatile, once</td><td>none: who closes takes every stripe after it</td></tr>
 * </table>
 *
 * @param <E> the type of the elements
 */
public abstract class WeakBins<E> implements Reachability.Opaque, Reaper.Client {
  private static final int STRIPES = stripes(Runtime.getRuntime().availableProcessors());
  private static final int FEWEST_BINS = 16;
  private static final int MOST_BINS = 1 << 30;

  private static final VarHandle BIN = MethodHandles.arrayElementVarHandle(Node[].class);
  private static final VarHandle NEXT;
  private static final VarHandle INSERTIONS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NEXT = lookup.findVarHandle(Node.class, "next", Node.class);
      INSERTIONS = lookup.findVarHandle(Stripe.class, "insertions", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final Stripe[] stripes = new Stripe[STRIPES];
  private volatile Node<E>[] bins = newBins(FEWEST_BINS);
  private volatile boolean resizing;
  private volatile boolean closed;
  private final Reaper.Registration registration; // so that the reaper's thread is there as long as this table is

  /**
   * Creates an empty table.
   *
   * @param name of the container that the table belongs to, for messages
   */
  protected WeakBins(String name) {
    this.name = name;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
    registration = Reaper.register(this, false); // which may call work() at once: it uses no field
  }

  private static int stripes(int processors) {
    return Math.min(16, Integer.highestOneBit(Math.max(1, processors) * 4 - 1));
  }

  /** A weak reference to an element, and the element's place in the table. */
  public static class Node<E> extends WeakReference<E> implements Reapable {
    final int hash;
    private final WeakBins<E> table;
    private @Nullable Node<E> next;

    /** Creates a node that is in no chain yet. */
    public Node(E element, int hash, WeakBins<E> table) {
      super(element, Reaper.queue());
      this.hash = hash;
      this.table = table;
    }

    @SuppressWarnings("unchecked") // what is in there was put in as such
    final @Nullable Node<E> next() {
      // Acquire: pairs with setNext, so that a reader sees the fields of the node that it goes on to.
      return (Node<E>) NEXT.getAcquire(this);
    }

    private void setNext(@Nullable Node<E> node) {
      // Release: pairs with next(), and keeps the moves of a resize behind its raising of the flag.
      NEXT.setRelease(this, node);
    }

    /** The element was collected. */
    @Override
    public final void reap() {
      table.reap(this);
    }
  }

  /** One of the locks, and the number of nodes that it guards. */
  protected static final class Stripe extends ReentrantLock {
    private static final long serialVersionUID = 1L;
    private int count;
    private int insertions;

    private Stripe() {}

    /** Returns how often a node was inserted, modulo 2^32. To be read before a search outside the lock and after it under the lock. */
    int insertions() {
      // Acquire: pairs with inserted(). Who reads a count sees all the nodes that it counts.
      return (int) INSERTIONS.getAcquire(this);
    }

    private void inserted() {
      count++;
      // Release: after the node was published.
      INSERTIONS.setRelease(this, insertions + 1);
    }
  }

  /** Called by the reaper, outside the locks, after it dropped the node of a collected element. */
  protected abstract void collected(Node<E> node);

  /** Returns the lock for elements with that hash. */
  protected final Stripe stripe(int hash) {
    return stripes[hash & (STRIPES - 1)];
  }

  final Node<E>[] bins() {
    return bins;
  }

  @SuppressWarnings("unchecked") // what is in there was put in as such
  final @Nullable Node<E> head(Node<E>[] of, int hash) {
    // Acquire: pairs with setHead, so that a reader sees the fields of the node.
    return (Node<E>) BIN.getAcquire((Node<?>[]) of, hash & (of.length - 1));
  }

  private void setHead(Node<E>[] of, int hash, @Nullable Node<E> node) {
    // Release: publishes the node.
    BIN.setRelease((Node<?>[]) of, hash & (of.length - 1), (Node<?>) node);
  }

  /** Returns the node of that very element, or null if there is none. Called under the lock. */
  protected final @Nullable Node<E> find(E element, int hash) {
    return find(bins, element, hash);
  }

  final @Nullable Node<E> find(Node<E>[] in, E element, int hash) {
    for (Node<E> node = head(in, hash); node != null; node = node.next()) {
      // refersTo does not make a strong reference, so it neither keeps the element alive nor costs a barrier of the collector.
      if (node.hash == hash && node.refersTo(element)) {
        return node;
      }
    }
    return null;
  }

  /** Returns whether a miss in those bins was one. The order of the two reads matters: see above. */
  final boolean isMiss(Node<E>[] read) {
    return !resizing && read == bins;
  }

  /**
   * Puts a node at the head of its chain. Called under the lock, by someone who knows that there is none for the element. Whoever
   * inserted calls {@link #fit} when it has left the lock.
   *
   * @throws IllegalStateException if the table is closed
   */
  protected final void insert(Node<E> node) {
    requireOpen();
    Node<E>[] to = bins;
    node.setNext(head(to, node.hash));
    setHead(to, node.hash, node);
    stripe(node.hash).inserted();
  }

  /** Checks that the table is open. */
  public final void requireOpen() {
    if (closed) {
      throw new IllegalStateException(name + " is closed and takes nothing in any more: close it after its last use, or build a new one");
    }
  }

  /** Takes a node out if it is in there, and returns whether it was. Called under the lock. */
  protected final boolean remove(Node<E> node) {
    Node<E>[] from = bins;
    Node<E> previous = null;
    for (Node<E> n = head(from, node.hash); n != null; previous = n, n = n.next()) {
      if (n == node) {
        if (previous == null) {
          setHead(from, node.hash, node.next());
        } else {
          previous.setNext(node.next());
        }
        stripe(node.hash).count--;
        return true;
      }
    }
    return false;
  }

  /** Drops the node of a collected element. Called by the reaper. */
  private void reap(Node<E> node) {
    Stripe stripe = stripe(node.hash);
    stripe.lock();
    try {
      if (!remove(node)) {
        return;
      }
    } finally {
      stripe.unlock();
    }
    fit(node.hash);
    collected(node);
  }

  /** Resizes the array of bins if it became too short or much too long, to judge by the stripe of the hash. Called outside the locks. */
  protected final void fit(int hash) {
    int length = bins.length;
    int count = stripe(hash).count; // a benign race: resize() looks again
    if (count > most(length) / STRIPES && length < MOST_BINS || count < fewest(length) / STRIPES && length > FEWEST_BINS) {
      resize();
    }
  }

  private static int most(int length) {
    return length - length / 4;
  }

  private static int fewest(int length) {
    return length / 16;
  }

  private void resize() {
    for (Stripe stripe : stripes) {
      stripe.lock();
    }
    try {
      Node<E>[] from = bins;
      long count = estimatedSize();
      // A little less than most: one stripe is fuller than the average when it notices.
      int length = count > most(from.length) - from.length / 8 ? from.length * 2 : count < fewest(from.length) ? from.length / 2 : from.length;
      if (length != from.length) {
        // Volatile: raised before the first move, lowered after the new array is there to be seen.
        resizing = true;
        bins = moved(from, length);
        resizing = false;
      }
    } finally {
      for (Stripe stripe : stripes) {
        stripe.unlock();
      }
    }
  }

  private Node<E>[] moved(Node<E>[] from, int length) {
    Node<E>[] to = newBins(length);
    for (int bin = 0; bin < from.length; bin++) {
      Node<E> node = head(from, bin);
      while (node != null) {
        Node<E> next = node.next();
        node.setNext(head(to, node.hash));
        setHead(to, node.hash, node);
        node = next;
      }
    }
    return to;
  }

  @SuppressWarnings("unchecked") // private to this class, and only nodes of E are put in
  private static <E> Node<E>[] newBins(int length) {
    return (Node<E>[]) new Node<?>[length];
  }

  /** Returns how many elements there are, those that were collected but not yet reaped included. */
  public final long estimatedSize() {
    long sum = 0;
    for (Stripe stripe : stripes) {
      sum += stripe.count;
    }
    return sum;
  }

  /**
   * Shows the nodes, outside the locks. An element that is there all the time is shown exactly once, one that comes or goes meanwhile at
   * most once.
   */
  protected final void forEachNode(Consumer<? super Node<E>> action) {
    forEachNode(0, Integer.MAX_VALUE, action);
  }

  /**
   * Shows the nodes in some of the bins, outside the locks. An element that is there all the time is shown once in a round, unless the
   * array of bins is resized between two calls of the round.
   *
   * @param from the first bin to look into: 0, or what the call before returned
   * @param bins how many bins to look into, at most
   * @return where to go on, or 0 if the round is over
   */
  final int forEachNode(int from, int bins, Consumer<? super Node<E>> action) {
    // Hashes that share their low bits stay together, and under one stripe, whatever the length becomes meanwhile.
    int length = this.bins.length;
    int to = (int) Math.min(length, (long) from + bins);
    List<Node<E>> together = new ArrayList<>();
    for (int low = from; low < to; low++) {
      Stripe stripe = stripe(low);
      stripe.lock();
      try {
        collect(low, length - 1, together);
      } finally {
        stripe.unlock();
      }
      together.forEach(action);
      together.clear();
    }
    return to < length ? to : 0;
  }

  private void collect(int low, int mask, List<Node<E>> into) {
    Node<E>[] now = bins;
    for (int bin = low & (now.length - 1); bin < now.length; bin += mask + 1) {
      for (Node<E> node = head(now, bin); node != null; node = node.next()) {
        if ((node.hash & mask) == low) {
          into.add(node);
        }
      }
    }
  }

  /**
   * Closes the table, and shows each element that is there after it was removed, outside the locks. From now on insertions fail. An
   * element is shown to one caller only, however many close the table.
   */
  protected final void closeElements(Consumer<? super E> action) {
    closeNodes(node -> {
      E element = node.get();
      node.clear(); // so that the collector need not enqueue it
      if (element != null) {
        action.accept(element);
      }
    });
  }

  final void closeNodes(Consumer<? super Node<E>> action) {
    closed = true; // whoever has the lock now is done before forEachNode gets it, whoever comes later sees it
    forEachNode(node -> {
      if (removeLocking(node)) {
        action.accept(node);
      }
    });
    registration.cancel();
  }

  private boolean removeLocking(Node<E> node) {
    Stripe stripe = stripe(node.hash);
    stripe.lock();
    try {
      return remove(node);
    } finally {
      stripe.unlock();
    }
  }

  /** Has nothing to do: the reaper runs for the sake of the queue. */
  @Override
  public final long work(long nanoTime) {
    return Long.MAX_VALUE;
  }
}
