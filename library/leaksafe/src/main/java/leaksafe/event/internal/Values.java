package leaksafe.event.internal;

import java.util.Objects;
import leaksafe.internal.Lambdas;
import leaksafe.internal.OddIdentity;
import org.jspecify.annotations.Nullable;

/** What cannot be an owner or the type of an event, and why. */
final class Values {
  private Values() {}

  /** Throws if the life of the object cannot bound a subscription. */
  static void checkOwner(Object owner) {
    Objects.requireNonNull(owner, "owner");
    String reason = reasonAgainst(owner);
    if (reason != null) {
      throw new IllegalArgumentException("owner must be an object whose life bounds the subscription, but was " + reason
          + "; pass the component that listens (mostly this), or say subscribeForever");
    }
  }

  private static @Nullable String reasonAgainst(Object owner) {
    if (owner instanceof Class<?> type) {
      return type + ", which lives as long as its class loader";
    }
    if (owner instanceof String) {
      return "a String: constants live for ever, and equal ones may be one object or many";
    }
    if (owner instanceof Enum<?> constant) {
      return "the constant " + constant.getDeclaringClass().getName() + "." + constant.name() + ", which lives as long as its class loader";
    }
    Class<?> type = owner.getClass();
    if (OddIdentity.isValueBased(type)) {
      return "a value (" + type.getName() + "): some live for ever, others only until the next collection";
    }
    if (OddIdentity.isReflected(type)) {
      return "a " + type.getName() + ": every look-up by reflection returns a fresh copy, which may be collected at once";
    }
    if (Lambdas.isLambda(type)) {
      return "a lambda (" + Lambdas.nameOf(type) + "): some live for ever, others only until the next collection";
    }
    return null;
  }

  /** Throws if no event can be of the type. */
  static void checkEventType(Class<?> type) {
    Objects.requireNonNull(type, "type");
    if (type.isPrimitive()) {
      throw new IllegalArgumentException("type must be a class or an interface, but was " + type + ": events are objects");
    }
  }
}
