package leaksafe.registry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The place of one registry in one key. It is given its token once and belongs to it for ever; its value comes and goes. */
class Slot {
  private static final VarHandle TOKEN;
  private static final VarHandle VALUE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TOKEN = lookup.findVarHandle(Slot.class, "token", Object.class);
      VALUE = lookup.findVarHandle(Slot.class, "value", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Transient: the attachments of a deserialized object are empty, whatever its original had.
  private transient volatile @Nullable Object token;
  private transient volatile @Nullable Object value;

  /** A slot that belongs to nobody yet. */
  Slot() {}

  Slot(Object token) {
    // Plain: the slot is published by the compare-and-set of the array that it is put in.
    TOKEN.set(this, token);
  }

  final boolean belongsToNobody() {
    return token == null;
  }

  final boolean belongsTo(Object candidate) {
    return token == candidate;
  }

  /** Takes the slot for a token unless it is taken, and returns whether it belongs to the token now. */
  final boolean tryTake(Object newToken) {
    // Volatile: of two tokens one wins, and the loser must see it to go elsewhere.
    return TOKEN.compareAndSet(this, null, newToken) || token == newToken;
  }

  final @Nullable Object value() {
    return value;
  }

  final @Nullable Object setValue(@Nullable Object newValue) {
    return VALUE.getAndSet(this, newValue);
  }

  final boolean replaceValue(Object seen, @Nullable Object newValue) {
    return VALUE.compareAndSet(this, seen, newValue);
  }
}
