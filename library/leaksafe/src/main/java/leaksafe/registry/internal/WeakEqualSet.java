package leaksafe.registry.internal;

import org.jspecify.annotations.Nullable;

/**
 * A concurrent set whose elements are held weakly and compared by {@code equals}, which never runs under a lock. Looking up is lock-free
 * and makes no object.
 *
 * @param <E> the type of the elements
 */
public final class WeakEqualSet<E> extends WeakBins<E> {
  private static final int GOLDEN = 0x9E3779B9; // 2^32 divided by the golden ratio: Knuth's multiplicative hashing

  /**
   * Creates an empty set.
   *
   * @param name of the container that the set belongs to, for messages
   */
  public WeakEqualSet(String name) {
    super(name);
  }

  /** Returns the element of the set that equals the sample, which is added if there is none. */
  public E findOrAdd(E sample) {
    int hash = spread(sample.hashCode());
    Stripe stripe = stripe(hash);
    while (true) {
      // First the count, then the search: if the count is the same under the lock, nothing came that the search could have missed.
      int insertions = stripe.insertions();
      Node<E>[] bins = bins();
      E found = findEqual(bins, sample, hash);
      if (found != null) {
        return found;
      }
      if (insertIfUnchanged(stripe, insertions, bins, sample, hash)) {
        fit(hash);
        return sample;
      }
    }
  }

  /** Returns the element of the set that equals the sample, or null if there is none. */
  public @Nullable E get(E sample) {
    int hash = spread(sample.hashCode());
    while (true) {
      Node<E>[] bins = bins();
      E found = findEqual(bins, sample, hash);
      if (found != null || isMiss(bins)) {
        return found;
      }
      Stripe stripe = stripe(hash);
      stripe.lock(); // waits for the resize
      stripe.unlock();
    }
  }

  private @Nullable E findEqual(Node<E>[] in, E sample, int hash) {
    for (Node<E> node = head(in, hash); node != null; node = node.next()) {
      if (node.hash == hash) {
        E element = node.get();
        if (element != null && (element == sample || element.equals(sample))) {
          return element;
        }
      }
    }
    return null;
  }

  private boolean insertIfUnchanged(Stripe stripe, int insertions, Node<E>[] bins, E element, int hash) {
    stripe.lock();
    try {
      requireOpen();
      boolean unchanged = stripe.insertions() == insertions && isMiss(bins);
      if (unchanged) {
        insert(new Node<>(element, hash, this));
      }
      return unchanged;
    } finally {
      stripe.unlock();
    }
  }

  /** Users' hash codes may differ in their high bits alone. */
  private static int spread(int hash) {
    int product = hash * GOLDEN;
    return product ^ product >>> 16;
  }

  /** Closes the set for insertions and removes everything. */
  public void close() {
    closeElements(element -> {});
  }

  @Override
  protected void collected(Node<E> node) {
    // Nothing belonged to it.
  }
}
