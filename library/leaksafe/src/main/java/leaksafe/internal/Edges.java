package leaksafe.internal;

import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicStampedReference;
import org.jspecify.annotations.Nullable;

/**
 * The strong references that go out from an object, as far as they can be seen without running users' code.
 *
 * <p>What is known of a class is kept in the class itself, and consists of objects of the JDK only. A value of a class of ours would, by way of the
 * immortal {@code String.class}, keep the class loader of the library alive (JDK-8136353).
 */
public final class Edges {
  /** The classes of the JDK whose iterators run code of the JDK alone, and wait for nothing that users' code can hold. */
  private static final Set<String> COLLECTIONS = Set.of("java.util.ArrayList", "java.util.LinkedList", "java.util.ArrayDeque",
      "java.util.PriorityQueue", "java.util.HashSet", "java.util.LinkedHashSet", "java.util.Arrays$ArrayList",
      "java.util.ImmutableCollections$List12", "java.util.ImmutableCollections$ListN", "java.util.ImmutableCollections$Set12",
      "java.util.ImmutableCollections$SetN", "java.util.ImmutableCollections$SubList", "java.util.Collections$SingletonList",
      "java.util.Collections$SingletonSet", "java.util.concurrent.CopyOnWriteArrayList",
      "java.util.concurrent.CopyOnWriteArraySet", "java.util.concurrent.ConcurrentLinkedQueue",
      "java.util.concurrent.ConcurrentLinkedDeque", "java.util.concurrent.LinkedBlockingQueue",
      "java.util.concurrent.LinkedBlockingDeque", "java.util.concurrent.ArrayBlockingQueue",
      "java.util.concurrent.LinkedTransferQueue", "java.util.concurrent.ConcurrentHashMap$KeySetView");

  /** As above. Not WeakHashMap, whose iterators change it; not sets that may be views of sorted maps, whose iterators compare. */
  private static final Set<String> MAPS = Set.of("java.util.HashMap", "java.util.LinkedHashMap", "java.util.TreeMap",
      "java.util.IdentityHashMap", "java.util.EnumMap", "java.util.Hashtable", "java.util.ImmutableCollections$Map1",
      "java.util.ImmutableCollections$MapN", "java.util.Collections$SingletonMap", "java.util.concurrent.ConcurrentHashMap",
      "java.util.concurrent.ConcurrentSkipListMap");

  private static final Set<String> ENTRIES =
      Set.of("java.util.AbstractMap$SimpleEntry", "java.util.AbstractMap$SimpleImmutableEntry", "java.util.KeyValueHolder");

  private static final Set<String> WITHOUT_NODES = Set.of("java.util.ImmutableCollections$List12", "java.util.ImmutableCollections$Set12",
      "java.util.ImmutableCollections$Map1", "java.util.Collections$SingletonList", "java.util.Collections$SingletonSet",
      "java.util.Collections$SingletonMap");

  /** What a subclass of the above must leave alone for its iterators to be the JDK's still. */
  private static final Set<String> METHODS_OF_ITERATION =
      Set.of("iterator", "listIterator", "descendingIterator", "entrySet", "keySet", "values", "get", "size", "isEmpty");

  /** What to do with the objects of a class: its {@link Kind} by ordinal, then the fields. */
  private static final ClassValue<Object[]> PLANS = new ClassValue<>() {
    @Override
    protected Object[] computeValue(Class<?> type) {
      return plan(type);
    }
  };

  private static final Kind[] KINDS = Kind.values();

  /** How to look into an object, beside its fields. */
  private enum Kind {
    LEAF, ARRAY, PLAIN, COLLECTION, MAP, ENTRY, REFERENCE, STAMPED, MARKABLE, REFERENCES, OPTIONAL, FUTURE, PROXY
  }

  private Edges() {}

  /** Is shown the edges one by one. */
  public interface Visitor {

    /**
     * Called for each edge.
     *
     * @param to where it leads
     * @param label the name of the field, or how the object is got from its container; may be empty before an index
     * @param index the place in the container, or -1
     * @return whether to go on
     */
    boolean edge(@Nullable Object to, String label, int index);
  }

  /** Returns whether nothing goes out from the object that could matter. */
  static boolean isLeaf(Object object) {
    return kindOf(PLANS.get(object.getClass())) == Kind.LEAF;
  }

  /** Shows the edges until the visitor has enough. */
  public static void visit(Object object, Visitor visitor) {
    Object[] plan = PLANS.get(object.getClass());
    try {
      visitContents(kindOf(plan), object, visitor);
    } catch (Exception | LinkageError e) {
      // A container that changed under the iteration, or a class that cannot be linked: what was seen of it must do.
    }
    // The fields of a subclass matter even if the elements were too many for the visitor.
    visitFields(plan, object, visitor);
  }

  /** Returns whether all that objects of a closed class of the JDK refer to is shown, without inner tables and nodes in between. */
  public static boolean seesAll(Class<?> type) {
    Kind kind = kindOf(PLANS.get(type));
    return kind == Kind.ENTRY || kind == Kind.REFERENCE || kind == Kind.OPTIONAL || WITHOUT_NODES.contains(type.getName());
  }

  private static Kind kindOf(Object[] plan) {
    return KINDS[(Integer) plan[0]];
  }

  private static void visitFields(Object[] plan, Object object, Visitor visitor) {
    try {
      for (int i = 1; i < plan.length; i++) {
        Field field = (Field) plan[i];
        if (!visitor.edge(field.get(object), field.getName(), -1)) {
          return;
        }
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError("it was made accessible", e);
    }
  }

  private static void visitContents(Kind kind, Object object, Visitor visitor) {
    switch (kind) {
      case ARRAY -> visitArray((Object[]) object, visitor);
      case COLLECTION -> visitElements((Collection<?>) object, visitor);
      case MAP -> visitEntries((Map<?, ?>) object, visitor);
      case ENTRY -> {
        visitor.edge(((Map.Entry<?, ?>) object).getKey(), "getKey()", -1);
        visitor.edge(((Map.Entry<?, ?>) object).getValue(), "getValue()", -1);
      }
      case REFERENCE -> visitor.edge(((AtomicReference<?>) object).get(), "get()", -1);
      case STAMPED -> visitor.edge(((AtomicStampedReference<?>) object).getReference(), "getReference()", -1);
      case MARKABLE -> visitor.edge(((AtomicMarkableReference<?>) object).getReference(), "getReference()", -1);
      case REFERENCES -> visitReferences((AtomicReferenceArray<?>) object, visitor);
      case OPTIONAL -> visitor.edge(((Optional<?>) object).orElse(null), "get()", -1);
      case FUTURE -> visitResult((CompletableFuture<?>) object, visitor);
      case PROXY -> visitor.edge(Proxy.getInvocationHandler(object), "invocationHandler", -1);
      default -> {
        // Its fields are all that it has.
      }
    }
  }

  private static void visitArray(Object[] array, Visitor visitor) {
    for (int i = 0; i < array.length; i++) {
      if (!visitor.edge(array[i], "", i)) {
        return;
      }
    }
  }

  private static void visitElements(Collection<?> collection, Visitor visitor) {
    int index = 0;
    for (Object element : collection) {
      if (!visitor.edge(element, "", index++)) {
        return;
      }
    }
  }

  private static void visitEntries(Map<?, ?> map, Visitor visitor) {
    int index = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!visitor.edge(entry.getValue(), "values()", index) || !visitor.edge(entry.getKey(), "keySet()", index)) {
        return;
      }
      index++;
    }
  }

  private static void visitReferences(AtomicReferenceArray<?> array, Visitor visitor) {
    for (int i = 0; i < array.length(); i++) {
      if (!visitor.edge(array.get(i), "", i)) {
        return;
      }
    }
  }

  private static void visitResult(CompletableFuture<?> future, Visitor visitor) {
    if (future.isDone() && !future.isCompletedExceptionally()) {
      visitor.edge(future.getNow(null), "getNow()", -1);
    }
  }

  private static Object[] plan(Class<?> type) {
    Kind kind = kind(type);
    List<Object> plan = new ArrayList<>();
    plan.add(kind.ordinal());
    if (kind != Kind.LEAF) {
      addFields(type, plan);
    }
    if (kind == Kind.PLAIN && plan.size() == 1) {
      plan.set(0, Kind.LEAF.ordinal());
    }
    return plan.toArray();
  }

  private static Kind kind(Class<?> type) {
    if (type.isArray()) {
      return type.getComponentType().isPrimitive() ? Kind.LEAF : Kind.ARRAY;
    } else if (Reachability.Opaque.class.isAssignableFrom(type) || Enum.class.isAssignableFrom(type) || isLeafOfTheJdk(type)) {
      return Kind.LEAF;
    } else if (Collection.class.isAssignableFrom(type)) {
      return isIterable(type, COLLECTIONS) ? Kind.COLLECTION : Kind.PLAIN;
    } else if (Map.class.isAssignableFrom(type)) {
      return isIterable(type, MAPS) ? Kind.MAP : Kind.PLAIN;
    } else if (AtomicReference.class.isAssignableFrom(type)) {
      return Kind.REFERENCE;
    } else if (AtomicReferenceArray.class.isAssignableFrom(type)) {
      return Kind.REFERENCES;
    } else if (Proxy.class.isAssignableFrom(type)) {
      return Kind.PROXY;
    } else if (ENTRIES.contains(type.getName())) {
      return Kind.ENTRY;
    }
    return type == Optional.class ? Kind.OPTIONAL
        : type == CompletableFuture.class ? Kind.FUTURE
        : type == AtomicStampedReference.class ? Kind.STAMPED
        : type == AtomicMarkableReference.class ? Kind.MARKABLE
        : Kind.PLAIN;
  }

  private static boolean isLeafOfTheJdk(Class<?> type) {
    return type == String.class || type == Class.class || type == Boolean.class || type == Character.class
        || Number.class.isAssignableFrom(type) && type.getName().startsWith("java.lang.");
  }

  private static boolean isIterable(Class<?> type, Set<String> known) {
    try {
      for (Class<?> c = type; c != null; c = c.getSuperclass()) {
        if (c.getClassLoader() == null) {
          return known.contains(c.getName());
        }
        if (changesIteration(c)) {
          return false;
        }
      }
    } catch (RuntimeException | LinkageError e) {
      // A method of the class names a class that is not there.
    }
    return false;
  }

  private static boolean changesIteration(Class<?> type) {
    for (Method method : type.getDeclaredMethods()) {
      if (METHODS_OF_ITERATION.contains(method.getName())) {
        return true;
      }
    }
    return false;
  }

  private static void addFields(Class<?> type, List<Object> to) {
    for (Class<?> c = type; c != null && c != Object.class && c != Reference.class; c = c.getSuperclass()) {
      try {
        for (Field field : c.getDeclaredFields()) {
          if (canLead(field) && field.trySetAccessible()) {
            to.add(field);
          }
        }
      } catch (RuntimeException | LinkageError e) {
        // A field is of a class that is not there, or a security manager objects: the other classes of the hierarchy must do.
      }
    }
  }

  private static boolean canLead(Field field) {
    return !Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive() && field.getType() != String.class;
  }
}
