package leaksafe.bench.registry;

import leaksafe.registry.Attachable;
import leaksafe.registry.Attachments;

/** A key, as plain as can be, or with a place for values. */
class Key {

  /** Returns a fresh key for that implementation. */
  static Key of(String implementation) {
    return implementation.endsWith("attachable") ? new Place() : new Key();
  }

  /** A key with a place for values. */
  static final class Place extends Key implements Attachable {
    private final Attachments attachments = new Attachments();

    @Override
    public Attachments attachments() {
      return attachments;
    }
  }
}
