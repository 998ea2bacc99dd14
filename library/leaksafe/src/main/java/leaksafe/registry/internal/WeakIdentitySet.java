package leaksafe.registry.internal;

import java.util.function.Consumer;

/**
 * A concurrent set whose elements are held weakly and compared by identity. Looking up is lock-free and makes no object.
 *
 * @param <E> the type of the elements
 */
public final class WeakIdentitySet<E> extends WeakBins<E> {

  /**
   * Creates an empty set.
   *
   * @param name of the container that the set belongs to, for messages
   */
  public WeakIdentitySet(String name) {
    super(name);
  }

  /** Returns whether the element is in the set. */
  public boolean contains(E element) {
    int hash = System.identityHashCode(element);
    Node<E>[] bins = bins();
    return find(bins, element, hash) != null || !isMiss(bins) && containsLocking(element, hash);
  }

  private boolean containsLocking(E element, int hash) {
    Stripe stripe = stripe(hash);
    stripe.lock();
    try {
      return find(element, hash) != null;
    } finally {
      stripe.unlock();
    }
  }

  /** Adds the element, and returns whether it was not in the set. */
  public boolean add(E element) {
    int hash = System.identityHashCode(element);
    Stripe stripe = stripe(hash);
    stripe.lock();
    try {
      requireOpen();
      if (find(element, hash) != null) {
        return false;
      }
      insert(new Node<>(element, hash, this));
    } finally {
      stripe.unlock();
    }
    fit(hash);
    return true;
  }

  /** Removes the element, and returns whether it was in the set. */
  public boolean remove(E element) {
    int hash = System.identityHashCode(element);
    Stripe stripe = stripe(hash);
    stripe.lock();
    try {
      Node<E> node = find(element, hash);
      if (node == null) {
        return false;
      }
      remove(node);
      node.clear(); // so that the collector need not enqueue it
    } finally {
      stripe.unlock();
    }
    fit(hash);
    return true;
  }

  /** Shows the elements, outside the locks. One that is there all the time is shown exactly once. */
  public void forEach(Consumer<? super E> action) {
    forEachNode(node -> {
      E element = node.get();
      if (element != null) {
        action.accept(element);
      }
    });
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
