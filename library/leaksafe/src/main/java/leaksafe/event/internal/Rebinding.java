package leaksafe.event.internal;

import java.lang.invoke.LambdaConversionException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import leaksafe.event.Listener;
import leaksafe.internal.Lambdas;
import leaksafe.internal.Reachability;
import org.jspecify.annotations.Nullable;

/**
 * A lambda or method reference taken apart, to be rebuilt so that it gets its owner at each call.
 *
 * <p>The compiler turns {@code e -> this.on(e, tag)} into a method with the captured values as its first parameters, and the JDK
 * makes an object that holds the values. For a serializable lambda the object can be asked for the name of the method and the
 * values. If the owner is the one value, the JDK makes us another object, from the same method, without any value: {@code (owner, event) -> on(owner, event)}, as
 * fast as a lambda that was written so. It is made once for each lambda in the code, since the JDK never unloads the class of it.
 * If there are other values, a method handle holds these, and leaves the place of the owner open.
 */
final class Rebinding {
  private static final MethodType FACTORY = MethodType.methodType(BiConsumer.class);
  private static final MethodType ERASED = MethodType.methodType(void.class, Object.class, Object.class);

  /** What was made for the methods of a class, by method. Objects of the class's own loader and of the JDK, so that nothing else is kept. */
  private static final ClassValue<ConcurrentMap<String, BiConsumer<Object, Object>>> MADE = new ClassValue<>() {
    @Override
    protected ConcurrentMap<String, BiConsumer<Object, Object>> computeValue(Class<?> type) {
      return new ConcurrentHashMap<>();
    }
  };

  private final Listener<Object> listener;
  private final SerializedLambda form;

  private Rebinding(Listener<Object> listener, SerializedLambda form) {
    this.listener = listener;
    this.form = form;
  }

  /** Takes the listener apart; null if it is no lambda, or is closed to us. */
  static @Nullable Rebinding of(Listener<Object> listener) {
    if (!Lambdas.isLambda(listener.getClass())) {
      return null;
    }
    try {
      Method method = listener.getClass().getDeclaredMethod("writeReplace");
      return method.trySetAccessible() && method.invoke(listener) instanceof SerializedLambda form ? new Rebinding(listener, form) : null;
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /** Throws if events of the type are no arguments for the lambda. The compiler lets that pass where types are raw. */
  void checkTakes(Class<?> type) {
    Class<?> taken = type(form.getInstantiatedMethodType()).parameterType(0);
    if (!taken.isAssignableFrom(type)) {
      throw new IllegalArgumentException("handler must take events of " + type.getName() + ", but takes " + taken.getName());
    }
  }

  /** Returns whether something that was captured, and is not the owner, leads to the owner. */
  boolean reachesOtherwise(Object owner) {
    for (int i = 0; i < form.getCapturedArgCount(); i++) {
      Object value = form.getCapturedArg(i);
      if (value != owner && Reachability.path(value, owner) != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Rebuilds the lambda without the owner, or throws.
   *
   * @param path from the lambda to the owner
   */
  BiConsumer<Object, Object> withoutOwner(Object owner, String path) {
    boolean captured = false;
    for (int i = 0; i < form.getCapturedArgCount(); i++) {
      Object value = form.getCapturedArg(i);
      if (value == owner) {
        captured = true;
      } else {
        String rest = Reachability.path(value, owner);
        if (rest != null) {
          throw Admission.refusal("handler", path, owner,
              "what it captured besides leads to the owner (argument " + (i + 1) + ": " + rest + "); make that the owner, if it lives as long");
        }
      }
    }
    if (!captured) {
      throw Admission.refusal("handler", path, owner, null);
    }
    try {
      return build(owner);
    } catch (ReflectiveOperationException | LambdaConversionException e) {
      IllegalArgumentException refusal = Admission.refusal("handler", path, owner, "it cannot be rebuilt without its owner: " + e.getMessage());
      refusal.initCause(e);
      throw refusal;
    }
  }

  private BiConsumer<Object, Object> build(Object owner) throws ReflectiveOperationException, LambdaConversionException {
    Class<?> type = Class.forName(form.getImplClass().replace('/', '.'), false, listener.getClass().getClassLoader());
    Lookup lookup = lookup(type);
    MethodHandle method = find(lookup, type);
    if (form.getCapturedArgCount() == 1 && lookup.hasFullPrivilegeAccess()) {
      return make(lookup, type, method);
    }
    return new Bound(bind(method, owner));
  }

  // The types of the method alone decide what is made, so that it does for every lambda that is implemented by the method.
  private BiConsumer<Object, Object> make(Lookup lookup, Class<?> type, MethodHandle method) throws LambdaConversionException {
    Class<?> event = method.type().parameterType(1);
    Class<?> reference = event.isPrimitive() ? type(form.getInstantiatedMethodType()).parameterType(0) : event;
    String key = form.getImplMethodKind() + form.getImplMethodName() + form.getImplMethodSignature() + reference.getName();
    ConcurrentMap<String, BiConsumer<Object, Object>> made = MADE.get(type);
    BiConsumer<Object, Object> found = made.get(key);
    if (found == null) {
      MethodType instantiated = MethodType.methodType(void.class, method.type().parameterType(0), reference);
      found = invoke(LambdaMetafactory.metafactory(lookup, "accept", FACTORY, ERASED, method, instantiated).getTarget());
      BiConsumer<Object, Object> other = made.putIfAbsent(key, found);
      found = other == null ? found : other;
    }
    return found;
  }

  @SuppressWarnings("unchecked") // see FACTORY and ERASED
  private static BiConsumer<Object, Object> invoke(MethodHandle factory) {
    try {
      return (BiConsumer<Object, Object>) (BiConsumer<?, ?>) factory.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError("the constructor of a lambda without captures failed", e);
    }
  }

  /** Returns the method with all captured values bound but the owner, as (owner, event). */
  private MethodHandle bind(MethodHandle method, Object owner) {
    int count = form.getCapturedArgCount();
    MethodHandle bound = method;
    int owners = 0;
    for (int i = count - 1; i >= 0; i--) {
      if (form.getCapturedArg(i) == owner) {
        owners++;
      } else {
        bound = MethodHandles.insertArguments(bound, i, form.getCapturedArg(i));
      }
    }
    MethodType erased = MethodType.genericMethodType(owners + 1).changeReturnType(void.class);
    int[] order = new int[owners + 1];
    order[owners] = 1;
    return MethodHandles.permuteArguments(bound.asType(erased), ERASED, order);
  }

  /** A method handle as a handler. */
  private record Bound(MethodHandle method) implements BiConsumer<Object, Object> {
    @Override
    public void accept(Object owner, Object event) {
      try {
        method.invokeExact(owner, event);
      } catch (Throwable e) {
        throw Bound.<RuntimeException>asIs(e);
      }
    }

    @SuppressWarnings("unchecked") // what a handler throws stays what it is, checked or not
    private static <X extends Throwable> X asIs(Throwable e) throws X {
      throw (X) e;
    }
  }

  private MethodHandle find(Lookup lookup, Class<?> type) throws ReflectiveOperationException {
    String name = form.getImplMethodName();
    MethodType signature = type(form.getImplMethodSignature());
    return switch (form.getImplMethodKind()) {
      case MethodHandleInfo.REF_invokeStatic -> lookup.findStatic(type, name, signature);
      // A lambda is a private method: called special by older compilers, virtual by newer ones; virtual does for both.
      case MethodHandleInfo.REF_invokeVirtual, MethodHandleInfo.REF_invokeInterface, MethodHandleInfo.REF_invokeSpecial ->
          lookup.findVirtual(type, name, signature);
      default -> throw new NoSuchMethodException("not a method but " + MethodHandleInfo.referenceKindToString(form.getImplMethodKind()));
    };
  }

  private MethodType type(String descriptor) {
    return MethodType.fromMethodDescriptorString(descriptor, listener.getClass().getClassLoader());
  }

  private static Lookup lookup(Class<?> type) {
    Rebinding.class.getModule().addReads(type.getModule());
    try {
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    } catch (IllegalAccessException e) {
      return MethodHandles.publicLookup(); // a method reference to a public method does not need more
    }
  }
}
