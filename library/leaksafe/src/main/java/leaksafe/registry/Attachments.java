package leaksafe.registry;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The room in an {@link Attachable} object, or at a {@link Host}, for the values that registries hold on its account. Opaque: only
 * registries look into it.
 *
 * <p>Each object needs one of its own. One that is shared by two objects, as it happens when a class clones itself field by field,
 * is refused when the second is used.
 *
 * <p><b>Cost.</b> 32 bytes, the first registry's value included; 28 bytes for each further registry that has a value for the object.
 * <p><b>Threads.</b> Safe for use by many threads.
 * <p><b>Serialization.</b> Nothing of the contents is written, so that it may be a field of a serializable class: the deserialized
 * object has empty attachments.
 */
public final class Attachments extends Slot implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final VarHandle OWNER;
  private static final VarHandle FURTHER;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OWNER = lookup.findVarHandle(Attachments.class, "owner", Object.class);
      FURTHER = lookup.findVarHandle(Attachments.class, "further", Slot[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // The object whose attachments these are, once there was a value. No leak: these are in that object, so they die together.
  private transient volatile @Nullable Object owner;

  // The slots after the first, which is this object itself. Copied on each change, never changed in place; null for none.
  private transient volatile Slot @Nullable [] further;

  /** Creates empty attachments. */
  public Attachments() {}

  /** Returns the object whose attachments these are, or null if there never was a value. */
  @Nullable Object owner() {
    return owner;
  }

  /** Returns the slot that belongs to the token, or null if there is none. */
  @Nullable Slot find(Object token, Object key) {
    Object seen = owner;
    if (seen != key) {
      requireOwner(seen, key);
      return null;
    }
    return find(token);
  }

  @Nullable Slot find(Object token) {
    if (belongsTo(token)) {
      return this;
    }
    Slot[] slots = further;
    if (slots != null) {
      for (Slot slot : slots) {
        if (slot.belongsTo(token)) {
          return slot;
        }
      }
    }
    return null;
  }

  /** Returns the slot that belongs to the token, a new one if there was none. */
  Slot findOrAdd(Object token, Object key) {
    // Volatile: of two objects that share these by mistake one becomes the owner, and the other sees it.
    if (owner != key && !OWNER.compareAndSet(this, null, key)) {
      requireOwner(owner, key);
    }
    if (tryTake(token)) {
      return this;
    }
    Slot added = null;
    while (true) {
      Slot[] slots = further;
      Slot found = find(token);
      if (found != null) {
        return found;
      }
      added = added == null ? new Slot(token) : added;
      Slot[] more = new Slot[slots == null ? 1 : slots.length + 1];
      if (slots != null) {
        System.arraycopy(slots, 0, more, 0, slots.length);
      }
      more[more.length - 1] = added;
      // Volatile, as a release: publishes the slot and its place in the array. It fails if another slot came or went since the search.
      if (FURTHER.compareAndSet(this, slots, more)) {
        return added;
      }
    }
  }

  /**
   * Gives back the slot of a registry that is gone or closed. The first slot loses its value but not its token: a reader that found the
   * token may be about to read the value, and must not find another registry's.
   */
  void giveBack(Object token) {
    if (belongsTo(token)) {
      setValue(null);
      return;
    }
    while (true) {
      Slot[] slots = further;
      int index = indexOf(slots, token);
      if (slots == null || index < 0) {
        return;
      }
      Slot[] fewer = slots.length == 1 ? null : new Slot[slots.length - 1];
      if (fewer != null) {
        System.arraycopy(slots, 0, fewer, 0, index);
        System.arraycopy(slots, index + 1, fewer, index, fewer.length - index);
      }
      if (FURTHER.compareAndSet(this, slots, fewer)) {
        slots[index].setValue(null);
        return;
      }
    }
  }

  private static int indexOf(Slot @Nullable [] slots, Object token) {
    for (int i = 0; slots != null && i < slots.length; i++) {
      if (slots[i].belongsTo(token)) {
        return i;
      }
    }
    return -1;
  }

  /** Returns how many registries have a slot here. */
  int slots() {
    Slot[] slots = further;
    return (belongsToNobody() ? 0 : 1) + (slots == null ? 0 : slots.length);
  }

  private static void requireOwner(@Nullable Object owner, Object key) {
    if (owner != null && owner != key) {
      throw new IllegalStateException("attachments() of a " + key.getClass().getName() + " returned the Attachments of another object"
          + (owner.getClass() == key.getClass() ? "" : " (a " + owner.getClass().getName() + ")")
          + ": each object needs a field of its own; was it cloned, or is the field static?");
    }
  }
}
