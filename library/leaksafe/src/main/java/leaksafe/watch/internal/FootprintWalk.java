package leaksafe.watch.internal;

import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leaksafe.internal.Edges;
import leaksafe.watch.ClassCount;
import leaksafe.watch.Footprint;
import leaksafe.watch.HeapSnapshot;
import org.jspecify.annotations.Nullable;

/** One measurement: visits what is reachable, breadth first. */
public final class FootprintWalk {
  private final ObjectLayout layout = ObjectLayout.ofThisVm();
  private final int maximum;
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> queue = new ArrayDeque<>();
  private final Map<Class<?>, Plan> plans = new HashMap<>();
  private final Map<String, Long> leftOut = new HashMap<>();
  private final Map<String, String> closed = new HashMap<>();
  private long estimated;
  private long elements; // of the collection that is looked into

  /** Creates a walk that gives up above so many objects. */
  public FootprintWalk(int maximum) {
    this.maximum = maximum;
  }

  /** What is known of a class, and how much of it was seen. */
  private static final class Plan {
    final long size;
    final boolean open;
    final List<Field> fields;
    long count;
    long bytes;

    Plan(long size, List<Field> fields) {
      this.size = size;
      this.open = fields.stream().allMatch(Field::trySetAccessible);
      this.fields = fields;
    }

    void count(long size) {
      count++;
      bytes += size;
    }
  }

  /** Measures. */
  public Footprint measure(Object... roots) {
    for (Object root : roots) {
      reach(root);
    }
    for (Object object = queue.poll(); object != null; object = queue.poll()) {
      visit(object);
    }
    HeapSnapshot classes = new HeapSnapshot(false, plans.entrySet().stream().filter(entry -> entry.getValue().count > 0)
        .map(entry -> new ClassCount(entry.getKey().getTypeName(), entry.getValue().count, entry.getValue().bytes)).toList());
    return new Footprint(classes.bytes() + estimated, classes.instances(), estimated, classes.classes(), leftOut, closed);
  }

  private void reach(@Nullable Object object) {
    if (object == null || seen.contains(object)) {
      return;
    }
    if (seen.size() >= maximum) {
      throw new IllegalStateException("more than " + maximum + " objects are reachable: measure a smaller part");
    }
    seen.add(object);
    if (object instanceof Class || object instanceof ClassLoader || object instanceof Thread || object instanceof Enum
        || object instanceof Module || object instanceof Field) {
      leftOut.merge(object instanceof Enum<?> constant ? constant.getDeclaringClass().getTypeName() : object.getClass().getTypeName(), 1L,
          Long::sum);
    } else {
      queue.add(object);
    }
  }

  private void visit(Object object) {
    Class<?> type = object.getClass();
    if (type.isArray()) {
      planOfArrays(type).count(layout.arrayOf(type.getComponentType(), Array.getLength(object)));
      if (object instanceof Object[] array) {
        for (Object element : array) {
          reach(element);
        }
      }
      return;
    }
    Plan plan = plans.computeIfAbsent(type, t -> new Plan(layout.instance(t), references(t)));
    plan.count(plan.size);
    if (object instanceof Reference) {
      leftOut.merge("referent of " + type.getTypeName(), 1L, Long::sum);
    }
    if (object instanceof String text) {
      planOfArrays(byte[].class).count(layout.array(1, isLatin1(text) ? text.length() : 2L * text.length()));
    } else if (plan.open) {
      followFields(object, plan);
    } else {
      followEdges(object, type);
    }
  }

  private Plan planOfArrays(Class<?> type) {
    return plans.computeIfAbsent(type, t -> new Plan(0, List.of()));
  }

  private static boolean isLatin1(String text) {
    return text.chars().allMatch(c -> c <= 255);
  }

  /** Returns the fields with references, those of the superclasses included, but for what a {@link Reference} refers to. */
  private static List<Field> references(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> c = type; c != null && c != Reference.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          fields.add(field);
        }
      }
    }
    return fields;
  }

  private void followFields(Object object, Plan plan) {
    try {
      for (Field field : plan.fields) {
        reach(field.get(object));
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError("it was made accessible", e);
    }
  }

  /** Follows what can be seen of an object with closed fields without running users' code. */
  private void followEdges(Object object, Class<?> type) {
    elements = 0;
    Edges.visit(object, (to, label, index) -> {
      if (index >= 0 && !label.startsWith("keySet")) { // an entry of a map has two edges
        elements++;
      }
      reach(to);
      return true;
    });
    Class<?> known = type;
    while (known != null && !Innards.areKnown(known)) {
      known = known.getSuperclass();
    }
    if (known != null) {
      estimated += Innards.bytes(layout, known, elements);
    }
    if (known != null || !Edges.seesAll(type)) {
      closed.put(type.getTypeName(), flag(type));
    }
  }

  private static String flag(Class<?> type) {
    Class<?> barred = references(type).stream().filter(field -> !field.trySetAccessible()).findFirst().orElseThrow().getDeclaringClass();
    Module own = FootprintWalk.class.getModule();
    return "--add-opens " + barred.getModule().getName() + "/" + barred.getPackageName() + "=" + (own.isNamed() ? own.getName() : "ALL-UNNAMED");
  }
}
