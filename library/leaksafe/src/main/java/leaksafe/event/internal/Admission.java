package leaksafe.event.internal;

import java.util.function.BiConsumer;
import leaksafe.event.Listener;
import leaksafe.internal.ClosedFields;
import leaksafe.internal.Lambdas;
import leaksafe.internal.Reachability;
import leaksafe.internal.UserClasses;
import leaksafe.registry.Attachable;
import org.jspecify.annotations.Nullable;

/** Decides whether a handler may be subscribed for an owner, and in what shape: it must neither keep its owner nor get lost before it. */
final class Admission {

  private Admission() {}

  /** Admits a handler that gets its owner, or throws. */
  static Held<BiConsumer<Object, Object>> of(BiConsumer<Object, Object> handler, Object owner) {
    if (handler == owner) {
      return Held.strongly(Admission::callOwnerWithItself);
    }
    check("handler", handler, owner);
    checkIsOpen("handler", handler, owner);
    return Held.whileOwnerLives(handler, owner);
  }

  /** Admits a handler that may use its owner, or throws. */
  static Held<BiConsumer<Object, Object>> of(Listener<Object> handler, Object owner, @Nullable Class<?> type) {
    if (handler == owner) {
      return Held.strongly(Admission::callOwner);
    }
    Rebinding lambda = Rebinding.of(handler);
    if (lambda != null && type != null) {
      lambda.checkTakes(type);
    }
    String path = Reachability.path(handler, owner);
    if (path == null) {
      checkIsOpen("handler", handler, owner);
      return Held.strongly(new Call(Held.whileOwnerLives(handler, owner)));
    }
    if (lambda == null) {
      throw refusal("handler", path, owner, "it is no lambda or method reference, which could be rebuilt without its owner");
    }
    return Held.whileOwnerLives(lambda.withoutOwner(owner, path), owner);
  }

  /**
   * Returns whether a handler is to live in its owner: where the owner has a place for it and it can be rebuilt without the owner by no other
   * means. No path needs to be looked for then.
   */
  static boolean livesInOwner(Listener<Object> handler, Object owner, @Nullable Class<?> type) {
    if (!(owner instanceof Attachable) || handler == owner || Held.isFieldless(handler)) {
      return false;
    }
    Rebinding lambda = Rebinding.of(handler);
    if (lambda != null && type != null) {
      lambda.checkTakes(type);
    }
    return lambda == null || lambda.reachesOtherwise(owner);
  }

  /** A listener that does not reach its owner. */
  private record Call(Held<Listener<Object>> listener) implements BiConsumer<Object, Object> {
    @Override
    public void accept(Object owner, Object event) {
      Listener<Object> called = listener.get();
      if (called != null) {
        called.accept(event);
      }
    }
  }

  @SuppressWarnings("unchecked") // the owner is the listener
  private static void callOwner(Object owner, Object event) {
    ((Listener<Object>) owner).accept(event);
  }

  @SuppressWarnings("unchecked") // the owner is the handler
  private static void callOwnerWithItself(Object owner, Object event) {
    ((BiConsumer<Object, Object>) owner).accept(owner, event);
  }

  /** Throws if a part of a subscription reaches the owner. */
  static void check(String role, @Nullable Object part, Object owner) {
    if (part == null || Held.isFieldless(part)) {
      return;
    }
    String path = Reachability.path(part, owner);
    if (path != null) {
      throw refusal(role, path, owner, null);
    }
  }

  /** Returns the exception that says why a part cannot be held. */
  static IllegalArgumentException refusal(String role, String path, Object owner, @Nullable String more) {
    return new IllegalArgumentException(role + " reaches its owner (" + path + " : " + shortNameOf(owner) + ") and would keep it alive"
        + (more == null ? "" : "; " + more) + "; write " + ("handler".equals(role)
            ? "subscribe(owner, ..., " + shortNameOf(owner) + "::method) or (owner, event) -> ..."
            : "a handler that looks at its owner, in place of the " + role));
  }

  private static String shortNameOf(Object owner) {
    String name = owner.getClass().getSimpleName();
    return name.isEmpty() ? owner.getClass().getName() : name;
  }

  /** Throws if a handler or filter cannot be looked into: what is not seen might be the owner. */
  static void checkIsOpen(String role, Object part, Object owner) {
    if (Held.isFieldless(part)) {
      return;
    }
    String field = ClosedFields.first(part.getClass());
    if (!field.isEmpty()) {
      String place = part.getClass().getPackageName();
      throw new IllegalArgumentException(role + " cannot be looked into (field " + field + " of " + Lambdas.nameOf(part.getClass())
          + " is closed) and might keep its owner alive; " + (UserClasses.isPlatform(part.getClass()) ? "" : "open " + place + " to the module leaksafe, or ")
          + "write " + ("handler".equals(role) ? shortNameOf(owner) + "::method or an (owner, event) -> ... that captures nothing"
              : "it as a lambda of your own, and several filters as filter(...).filter(...)"));
    }
  }
}
