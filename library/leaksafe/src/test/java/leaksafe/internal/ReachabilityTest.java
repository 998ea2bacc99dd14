package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReachabilityTest {

  static class Owner {}

  static class Base {
    Object inherited;
  }

  static class Box extends Base {
    Object content;

    Box(Object content) {
      this.content = content;
    }
  }

  private final Owner owner = new Owner();

  @Test
  void an_object_reaches_itself() {
    assertThat(Reachability.path(owner, owner)).isEqualTo("ReachabilityTest$Owner");
  }

  @Test
  void null_reaches_nothing() {
    assertThat(Reachability.path(null, owner)).isNull();
  }

  @Test
  void a_field_is_named() {
    assertThat(Reachability.path(new Box(new Box(owner)), owner)).isEqualTo("ReachabilityTest$Box.content.content");
  }

  @Test
  void an_inherited_field_is_named() {
    Box box = new Box(null);
    box.inherited = owner;
    assertThat(Reachability.path(box, owner)).isEqualTo("ReachabilityTest$Box.inherited");
  }

  @Test
  void what_does_not_reach_has_no_path() {
    assertThat(Reachability.path(new Box(new Box(new Owner())), owner)).isNull();
  }

  @Test
  void a_lambda_reaches_what_it_captures() {
    Owner captured = owner;
    Consumer<Object> lambda = event -> captured.hashCode();
    assertThat(Reachability.path(lambda, owner)).isEqualTo("ReachabilityTest$$Lambda.arg$1");
  }

  @Test
  void a_bound_method_reference_reaches_its_receiver() {
    Consumer<Object> reference = owner::equals;
    assertThat(Reachability.path(reference, owner)).isEqualTo("ReachabilityTest$$Lambda.arg$1");
  }

  @Test
  void a_lambda_that_captures_nothing_reaches_nothing() {
    Consumer<Object> lambda = event -> event.hashCode();
    assertThat(Reachability.path(lambda, owner)).isNull();
    Consumer<Owner> unbound = Owner::hashCode;
    assertThat(Reachability.path(unbound, owner)).isNull();
  }

  @Test
  void a_local_class_reaches_the_instance_around_it() {
    class Local {
      @Override
      public String toString() {
        return owner.toString();
      }
    }
    assertThat(Reachability.path(new Local(), owner)).isEqualTo("ReachabilityTest$1Local.this$0.owner");
  }

  @Test
  void a_shortest_path_is_found_through_lists_fields_and_captures() {
    List<Object> items = new ArrayList<>(List.of("a", "b", "c"));
    items.add(new Box(owner));
    Box view = new Box(items);
    Consumer<Object> lambda = event -> view.hashCode();
    assertThat(Reachability.path(lambda, owner)).isEqualTo("ReachabilityTest$$Lambda.arg$1.content[3].content");
  }

  static Collection<Collection<Object>> collections() {
    return List.of(new ArrayList<>(), new ArrayDeque<>(), new java.util.LinkedList<>(), new java.util.HashSet<>(),
        new java.util.LinkedHashSet<>(), new CopyOnWriteArrayList<>(), new LinkedBlockingQueue<>(), ConcurrentHashMap.newKeySet(),
        new java.util.concurrent.ConcurrentLinkedQueue<>(), new java.util.concurrent.CopyOnWriteArraySet<>(), new ArrayList<>() {});
  }

  @ParameterizedTest
  @MethodSource("collections")
  void collections_of_the_jdk_are_looked_into(Collection<Object> collection) {
    collection.add(owner);
    assertThat(Reachability.path(new Box(collection), owner)).isEqualTo("ReachabilityTest$Box.content[0]");
  }

  @Test
  void immutable_and_fixed_collections_are_looked_into() {
    for (Object collection : List.of(List.of(owner), List.of(1, 2, owner), Set.of(owner), Arrays.asList(owner),
        Collections.singletonList(owner), Collections.singleton(owner))) {
      assertThat(Reachability.path(collection, owner)).as("%s", collection.getClass()).isNotNull();
    }
  }

  static Collection<Map<Object, Object>> maps() {
    return List.of(new HashMap<>(), new LinkedHashMap<>(), new TreeMap<>(), new IdentityHashMap<>(), new ConcurrentHashMap<>(),
        new java.util.Hashtable<>(), new java.util.concurrent.ConcurrentSkipListMap<>(), new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
            return size() > 10;
          }
        });
  }

  @ParameterizedTest
  @MethodSource("maps")
  void maps_of_the_jdk_are_looked_into(Map<Object, Object> map) {
    map.put("x", owner);
    assertThat(Reachability.path(new Box(map), owner)).isEqualTo("ReachabilityTest$Box.content.values()[0]");
  }

  @Test
  void keys_of_maps_are_looked_at() {
    assertThat(Reachability.path(Map.of(owner, 1), owner)).endsWith(".keySet()[0]");
    assertThat(Reachability.path(new HashMap<>(Map.of(owner, 1)), owner)).isEqualTo("HashMap.keySet()[0]");
  }

  @Test
  void holders_of_the_jdk_are_looked_into() {
    AtomicReferenceArray<Object> array = new AtomicReferenceArray<>(3);
    array.set(2, owner);
    assertThat(Reachability.path(new AtomicReference<>(owner), owner)).isEqualTo("AtomicReference.get()");
    assertThat(Reachability.path(array, owner)).isEqualTo("AtomicReferenceArray[2]");
    assertThat(Reachability.path(Optional.of(owner), owner)).isEqualTo("Optional.get()");
    assertThat(Reachability.path(CompletableFuture.completedFuture(owner), owner)).isEqualTo("CompletableFuture.getNow()");
    assertThat(Reachability.path(Map.entry(1, owner), owner)).endsWith(".getValue()");
    assertThat(Reachability.path(new Object[] {1, new Object[] {owner}}, owner)).isEqualTo("Object[][1][0]");
    assertThat(Reachability.path(CompletableFuture.failedFuture(new IllegalStateException()), owner)).isNull();
  }

  @Test
  void a_proxy_reaches_what_its_handler_reaches() {
    InvocationHandler handler = (proxy, method, arguments) -> owner;
    Object proxy = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Runnable.class}, handler);
    assertThat(Reachability.path(proxy, owner)).endsWith(".invocationHandler.arg$1.owner");
  }

  @Test
  void weak_and_soft_references_are_not_followed_but_the_fields_of_their_subclasses_are() {
    class Node extends WeakReference<Object> {
      final Object value;

      Node(Object referent, Object value) {
        super(referent);
        this.value = value;
      }
    }
    assertThat(Reachability.path(new WeakReference<>(owner), owner)).isNull();
    assertThat(Reachability.path(new Box(new SoftReference<>(owner)), owner)).isNull();
    assertThat(new Node(owner, new Box(owner))).satisfies(node -> assertThat(Reachability.path(node, owner)).isNotNull());
  }

  @Test
  void an_opaque_object_is_not_looked_into() {
    record Table(Object content) implements Reachability.Opaque {}
    assertThat(Reachability.path(new Box(new Table(owner)), owner)).isNull();
    assertThat(Reachability.path(new Table(owner), owner)).isNull();
  }

  @Test
  void no_code_of_users_runs() {
    class Hostile extends ArrayList<Object> implements Comparable<Object> {
      private static final long serialVersionUID = 1L;
      transient Object field;

      @Override
      public Iterator<Object> iterator() {
        throw new AssertionError("iterated");
      }

      @Override
      public int hashCode() {
        throw new AssertionError("hashed");
      }

      @Override
      public boolean equals(Object that) {
        throw new AssertionError("compared");
      }

      @Override
      public String toString() {
        throw new AssertionError("printed");
      }

      @Override
      public int compareTo(Object that) {
        throw new AssertionError("compared");
      }
    }
    Hostile hostile = new Hostile();
    hostile.field = owner;
    IdentityHashMap<Object, Object> map = new IdentityHashMap<>();
    map.put(hostile, hostile);
    TreeSet<Integer> view = new TreeSet<>((a, b) -> {
      if (a == 77 || b == 77) {
        throw new AssertionError("compared");
      }
      return Integer.compare(a, b);
    });
    view.addAll(List.of(1, 2, 3));
    assertThat(Reachability.path(new Box(map), owner)).isEqualTo("ReachabilityTest$Box.content.values()[0].field");
    assertThat(Reachability.path(new Box(Collections.unmodifiableList(hostile)), owner)).isNull();
    assertThat(Reachability.path(new Box(view.tailSet(2)), owner)).isNull();
    assertThat(Reachability.path(hostile, hostile)).isEqualTo("ReachabilityTest$1Hostile");
  }

  @Test
  void cycles_end() {
    Box first = new Box(null);
    Box second = new Box(first);
    first.content = second;
    assertThat(Reachability.path(first, owner)).isNull();
  }

  @Test
  void the_depth_is_bounded() {
    Box chain = new Box(owner);
    for (int i = 1; i < 5; i++) {
      chain = new Box(chain);
    }
    assertThat(Reachability.path(chain, owner, 5, 100)).isEqualTo("ReachabilityTest$Box.content.content.content.content.content");
    assertThat(Reachability.path(chain, owner, 4, 100)).isNull();
  }

  @Test
  void the_edges_are_bounded_and_one_container_does_not_take_them_all() {
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      many.add(new Box(i));
    }
    Box box = new Box(many);
    box.inherited = new Box(new Box(owner));
    assertThat(Reachability.path(box, owner)).isEqualTo("ReachabilityTest$Box.inherited.content.content");
    many.add(owner);
    assertThat(Reachability.path(many, owner)).isNull();
  }

  @Test
  void a_class_loader_and_its_classes_are_reached_by_the_objects_of_that_loader() {
    ClassLoader loader = getClass().getClassLoader();
    assertThat(Reachability.path(new Box(null), loader)).isEqualTo("ReachabilityTest$Box.getClass()");
    assertThat(Reachability.path(List.of(new Box(null)), Owner.class)).endsWith("[0].getClass()");
    assertThat(Reachability.path(new ArrayList<>(List.of("text")), loader)).isNull();
    assertThat(Reachability.path(new Box(null), String.class)).isNull();
  }

  /** Looks into objects of classes that never go away. */
  public static final class Deployed implements Runnable {
    @Override
    public void run() {
      Object nowhere = new Object();
      for (Object from : List.of(new ArrayList<>(List.of(new Object())), new HashMap<>(Map.of(1, new Object())), Optional.of(1), new Thread())) {
        assertThat(Reachability.path(from, nowhere)).isNull();
      }
    }
  }

  @Test
  void the_cache_of_fields_keeps_no_class_loader() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Deployed.class));
    Gc.awaitCleared(lookIntoAnObjectOfAnotherLoader());
  }

  private static WeakReference<ClassLoader> lookIntoAnObjectOfAnotherLoader() {
    Object other = new ClassLoader(ReachabilityTest.class.getClassLoader()) {}; // its class is ours, but it is a loader
    assertThat(Reachability.path(new Box(other), new Object())).isNull();
    return new WeakReference<>((ClassLoader) other);
  }
}
