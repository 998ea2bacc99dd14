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
 * <p>The two caches are kept in the classes themselves, and hold objects of the JDK only. A value of a class of ours would, by way of the
 * immortal {@code String.class}, keep the class loader of the library alive (JDK-8136353).
 */
final class Edges {
  private static final Field[] NO_FIELDS = {};

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

  /** What a subclass of the above must leave alone for its iterators to be the JDK's still. */
  private static final Set<String> METHODS_OF_ITERATION =
      Set.of("iterator", "listIterator", "descendingIterator", "entrySet", "keySet", "values", "get", "size", "isEmpty");

  private static final ClassValue<Boolean> IS_ITERABLE = new ClassValue<>() {
    @Override
    protected Boolean computeValue(Class<?> type) {
      return isIterable(type);
    }
  };

  private static final ClassValue<Field[]> FIELDS = new ClassValue<>() {
    @Override
    protected Field[] computeValue(Class<?> type) {
      return fieldsOf(type);
    }
  };

  private Edges() {}

  /** Is shown the edges one by one. */
  interface Visitor {

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
    return object instanceof String || object instanceof Number && object.getClass().getName().startsWith("java.lang.")
        || object instanceof Class || object instanceof Enum || object instanceof Boolean || object instanceof Character
        || object instanceof Reachability.Opaque || object.getClass().isArray() && !(object instanceof Object[]);
  }

  /** Shows the edges until the visitor has enough. */
  static void visit(Object object, Visitor visitor) {
    if (isLeaf(object)) {
      return;
    }
    if (object instanceof Object[] array) {
      for (int i = 0; i < array.length; i++) {
        if (!visitor.edge(array[i], "", i)) {
          return;
        }
      }
      return;
    }
    try {
      // The fields of a subclass matter even if the elements were too many for the visitor.
      visitContents(object, visitor);
      visitFields(object, visitor);
    } catch (Exception | LinkageError e) {
      // A container that changed under the iteration, a class that cannot be linked: what was seen of it must do.
    }
  }

  private static void visitFields(Object object, Visitor visitor) throws IllegalAccessException {
    for (Field field : FIELDS.get(object.getClass())) {
      if (!visitor.edge(field.get(object), field.getName(), -1)) {
        return;
      }
    }
  }

  private static void visitContents(Object object, Visitor visitor) {
    if (object instanceof Collection<?> collection) {
      visitElements(collection, visitor);
    } else if (object instanceof Map<?, ?> map) {
      visitEntries(map, visitor);
    } else if (object instanceof AtomicReference<?> reference) {
      visitor.edge(reference.get(), "get()", -1);
    } else if (object instanceof AtomicReferenceArray<?> array) {
      visitArray(array, visitor);
    } else if (object instanceof Optional<?> optional) {
      visitor.edge(optional.orElse(null), "get()", -1);
    } else if (object instanceof Map.Entry<?, ?> entry && ENTRIES.contains(object.getClass().getName())) {
      visitor.edge(entry.getKey(), "getKey()", -1);
      visitor.edge(entry.getValue(), "getValue()", -1);
    } else if (object instanceof Proxy) {
      visitor.edge(Proxy.getInvocationHandler(object), "invocationHandler", -1);
    } else if (object.getClass() == CompletableFuture.class) {
      visitResult((CompletableFuture<?>) object, visitor);
    } else if (object.getClass() == AtomicStampedReference.class) {
      visitor.edge(((AtomicStampedReference<?>) object).getReference(), "getReference()", -1);
    } else if (object.getClass() == AtomicMarkableReference.class) {
      visitor.edge(((AtomicMarkableReference<?>) object).getReference(), "getReference()", -1);
    }
  }

  private static void visitElements(Collection<?> collection, Visitor visitor) {
    if (IS_ITERABLE.get(collection.getClass())) {
      int index = 0;
      for (Object element : collection) {
        if (!visitor.edge(element, "", index++)) {
          return;
        }
      }
    }
  }

  private static void visitEntries(Map<?, ?> map, Visitor visitor) {
    if (IS_ITERABLE.get(map.getClass())) {
      int index = 0;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!visitor.edge(entry.getValue(), "values()", index) || !visitor.edge(entry.getKey(), "keySet()", index)) {
          return;
        }
        index++;
      }
    }
  }

  private static void visitArray(AtomicReferenceArray<?> array, Visitor visitor) {
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

  private static boolean isIterable(Class<?> type) {
    try {
      for (Class<?> c = type; c != null; c = c.getSuperclass()) {
        if (c.getClassLoader() == null && (COLLECTIONS.contains(c.getName()) || MAPS.contains(c.getName()))) {
          return true;
        }
        if (c.getClassLoader() == null || changesIteration(c)) {
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

  private static Field[] fieldsOf(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> c = type; c != null && c != Object.class && c != Reference.class; c = c.getSuperclass()) {
      try {
        for (Field field : c.getDeclaredFields()) {
          if (canLead(field) && field.trySetAccessible()) {
            fields.add(field);
          }
        }
      } catch (RuntimeException | LinkageError e) {
        // A field is of a class that is not there, or a security manager objects: the other classes of the hierarchy must do.
      }
    }
    return fields.toArray(NO_FIELDS);
  }

  private static boolean canLead(Field field) {
    return !Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive() && field.getType() != String.class;
  }
}
