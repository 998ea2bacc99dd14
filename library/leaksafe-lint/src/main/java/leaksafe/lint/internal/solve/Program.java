package leaksafe.lint.internal.solve;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.FieldFacts;
import leaksafe.lint.internal.facts.MethodFacts;
import leaksafe.lint.internal.facts.MethodRef;
import leaksafe.lint.internal.facts.TypeTable;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import org.jspecify.annotations.Nullable;

/** The class set: classes, methods and followed fields, in the order of their names. */
public final class Program {
  private static final int MOST_OVERRIDERS = 16;
  /** Names of methods that run once for each application, service or object of configuration. */
  private static final Pattern SETS_UP = Pattern.compile("^(create|build|init|start|configure|open|main|getInstance|get[A-Z]|new|setUp|setup|boot|load|"
      + "install|connect|of$|from|default|make|provide|lambda\\$(new|static)\\$)");

  /** Interfaces of the JDK with one method or none; a class that implements one of them need not override anything else. */
  private static final Map<String, String> ONLY_METHODS = Map.of("java/lang/AutoCloseable", "close", "java/io/Closeable", "close",
      "java/lang/Runnable", "run", "java/lang/Comparable", "compareTo", "java/io/Serializable", "readResolve", "java/lang/Cloneable", "clone");

  public final TypeTable types;
  public final TreeMap<String, ClassFacts> classes = new TreeMap<>();
  final Map<String, Map<String, Method>> methods = new LinkedHashMap<>();
  private final Map<String, FieldStory> fields = new LinkedHashMap<>();
  private final Map<String, List<String>> subclasses = new HashMap<>();
  private final Map<MethodRef, List<Method>> virtualTargets = new HashMap<>();
  private final Map<MethodRef, List<Method>> namedTargets = new HashMap<>();
  private final Map<String, Boolean> madeOnlyAtStart = new HashMap<>();
  private final Map<String, Boolean> madeOften = new HashMap<>();
  private final Map<Class<?>, List<?>> lists = new HashMap<>();
  private final List<Method> allMethods = new ArrayList<>();

  public Program(TypeTable types, List<ClassFacts> facts) {
    this.types = types;
    facts.forEach(each -> classes.put(each.name(), each));
    for (ClassFacts each : classes.values()) {
      Map<String, Method> own = new LinkedHashMap<>();
      for (MethodFacts method : each.methods()) {
        own.put(method.name() + method.desc(), new Method(each, method));
      }
      methods.put(each.name(), own);
      for (FieldFacts field : each.fields()) {
        if (types.categoryOf(field.desc()) != Category.NONE) {
          fields.put(each.name() + "." + field.name(), new FieldStory(each, field));
        }
      }
      if (each.superName() != null) {
        subclasses.computeIfAbsent(each.superName(), name -> new ArrayList<>()).add(each.name());
      }
      each.interfaces().forEach(parent -> subclasses.computeIfAbsent(parent, name -> new ArrayList<>()).add(each.name()));
    }
    methods.values().forEach(own -> allMethods.addAll(own.values()));
    for (Method method : allMethods) {
      for (MethodRef callee : method.facts.callees()) {
        for (Method target : targets(callee, true)) {
          if (target != method) {
            target.callers.add(method);
          }
        }
      }
    }
    markInitOnly();
    markConstructionOnly();
  }

  public Iterable<FieldStory> fields() {
    return fields.values();
  }

  public List<Method> methods() {
    return allMethods;
  }

  /** Returns a list that several rules need, by the class of its elements; it is made once. */
  @SuppressWarnings("unchecked") // A class and the list under it are put in together.
  public <T> List<T> once(Class<T> of, Function<Program, List<T>> make) {
    List<?> known = lists.get(of);
    if (known == null) {
      known = make.apply(this);
      lists.put(of, known);
    }
    return (List<T>) known;
  }

  /** Returns the methods of a class and of those nested in it. */
  public List<Method> methodsUnder(String host) {
    List<Method> found = new ArrayList<>();
    classes.values().stream().filter(each -> each.host().equals(host)).forEach(each -> found.addAll(methods.getOrDefault(each.name(), Map.of()).values()));
    return found;
  }

  @Nullable FieldStory field(String owner, String name) {
    String at = owner;
    for (int depth = 0; at != null && depth < 32; depth++) {
      FieldStory story = fields.get(at + "." + name);
      ClassFacts facts = classes.get(at);
      if (story != null || facts == null) {
        return story;
      }
      at = facts.superName();
    }
    return null;
  }

  /** Returns the methods of the class set that a call can reach: the one it names, and those that override it. */
  public List<Method> targets(MethodRef ref, boolean overriders) {
    // Most calls go to classes that the set neither holds nor extends.
    if (!methods.containsKey(ref.owner()) && !subclasses.containsKey(ref.owner())) {
      return List.of();
    }
    return (overriders ? virtualTargets : namedTargets).computeIfAbsent(ref, key -> findTargets(key, overriders));
  }

  private List<Method> findTargets(MethodRef ref, boolean overriders) {
    List<Method> found = new ArrayList<>(1);
    Method named = lookup(ref.owner(), ref.signature(), 0);
    if (named != null) {
      found.add(named);
    }
    if (overriders && !ref.isConstructor() && (named == null || !named.facts.isStatic())) {
      addOverriders(ref.owner(), ref.signature(), found, 0);
    }
    return found;
  }

  private @Nullable Method lookup(@Nullable String owner, String signature, int depth) {
    ClassFacts facts = owner == null ? null : classes.get(owner);
    if (facts == null || depth > 32) {
      return null;
    }
    Method own = methods.getOrDefault(facts.name(), Map.of()).get(signature);
    Method found = own != null ? own : lookup(facts.superName(), signature, depth + 1);
    for (int i = 0; found == null && i < facts.interfaces().size(); i++) {
      found = lookup(facts.interfaces().get(i), signature, depth + 1);
    }
    return found;
  }

  private void addOverriders(String owner, String signature, List<Method> found, int depth) {
    for (String subclass : depth > 8 ? List.<String>of() : subclasses.getOrDefault(owner, List.of())) {
      if (found.size() > MOST_OVERRIDERS) {
        return;
      }
      Method method = methods.getOrDefault(subclass, Map.of()).get(signature);
      if (method != null && !found.contains(method)) {
        found.add(method);
      }
      addOverriders(subclass, signature, found, depth + 1);
    }
  }

  /** Returns whether a class is another or extends or implements it, as far as the class set tells. */
  public boolean isSubtype(@Nullable String name, String of) {
    ClassFacts facts = name == null ? null : classes.get(name);
    return of.equals(name) || facts != null
        && (isSubtype(facts.superName(), of) || facts.interfaces().stream().anyMatch(parent -> isSubtype(parent, of)));
  }

  /** Returns the classes of the class set that extend or implement a class, by name, without those that do so by way of others. */
  public List<String> directSubtypes(String name) {
    return subclasses.getOrDefault(name, List.of());
  }

  public boolean isEnum(@Nullable String name) {
    ClassFacts facts = name == null ? null : classes.get(name);
    return facts != null && "java/lang/Enum".equals(facts.superName());
  }

  /**
   * Returns whether all objects of a class are made while classes are initialized, so that there are as many as the code names; nobody
   * outside of the class set may be able to make one.
   */
  public boolean isMadeOnlyAtStart(String name) {
    return madeOnlyAtStart.computeIfAbsent(name, key -> !constructors(key, 0).isEmpty() && constructors(key, 0).stream()
        .allMatch(constructor -> !Modifier.isPublic(constructor.facts.access()) && constructor.callers.stream()
            .allMatch(caller -> caller.initOnly || caller.facts.isConstructor() && isSubtype(caller.owner.name(), key))));
  }

  /**
   * Returns whether code of the class set makes objects of a class again and again: outside of initializers, constructors and methods
   * that set something up, without a test that it is the first. Such an object is hardly one that lives as long as the program.
   */
  public boolean isMadeOften(String name) {
    return madeOften.computeIfAbsent(name, key -> constructors(key, 0).stream().anyMatch(constructor -> constructor.callers.stream()
        .anyMatch(caller -> makesOften(caller, key, 0))));
  }

  private boolean makesOften(Method caller, String made, int depth) {
    String name = caller.facts.name();
    // A getter that makes an object itself keeps it; one that calls a factory may do so each time.
    boolean setsUp = SETS_UP.matcher(name).find() && !(depth > 0 && name.startsWith("get"));
    if (caller.initOnly || caller.constructionOnly || setsUp || isSubtype(caller.owner.name(), made)) {
      return false;
    }
    String result = caller.facts.desc().substring(caller.facts.desc().indexOf(')') + 1);
    boolean factory = result.startsWith("L") && isSubtype(made, result.substring(1, result.length() - 1));
    return !factory || depth > 2 || caller.callers.isEmpty() || caller.callers.stream().anyMatch(next -> makesOften(next, made, depth + 1));
  }

  /** Returns the constructors of a class and of those that extend it. */
  private List<Method> constructors(String name, int depth) {
    List<Method> found = new ArrayList<>();
    methods.getOrDefault(name, Map.of()).values().stream().filter(method -> method.facts.isConstructor()).forEach(found::add);
    for (String subclass : depth > 8 ? List.<String>of() : subclasses.getOrDefault(name, List.of())) {
      found.addAll(constructors(subclass, depth + 1));
    }
    return found;
  }

  /** Returns whether somebody can reach the method: it is called, overrides something, or a framework knows it. */
  public boolean isReached(Method method) {
    return !method.callers.isEmpty() || isReachedFromOutside(method);
  }

  /** Returns whether code outside of the class set may reach the method: it overrides something, or a framework knows it. */
  public boolean isReachedFromOutside(Method method) {
    if (!method.facts.annotations().isEmpty() || method.facts.isStaticInitializer()
        || method.facts.name().equals("main") || method.facts.isSynthetic()) {
      return true;
    }
    if (method.facts.isStatic() || method.facts.isConstructor()) {
      return false;
    }
    String signature = method.facts.name() + method.facts.desc();
    String parent = method.owner.superName();
    boolean foreignParent = parent != null && !parent.equals("java/lang/Object") && !classes.containsKey(parent)
        || method.owner.interfaces().stream().anyMatch(each -> !classes.containsKey(each)
            && method.facts.name().startsWith(ONLY_METHODS.getOrDefault(each, "")));
    return foreignParent || lookup(parent, signature, 0) != null
        || method.owner.interfaces().stream().anyMatch(each -> lookup(each, signature, 0) != null);
  }

  /** Marks what only runs while an object is made: constructors, and methods that nobody outside calls but constructors of the class. */
  private void markConstructionOnly() {
    boolean changed = true;
    for (int round = 0; changed && round < 8; round++) {
      changed = false;
      for (Method method : methods()) {
        boolean hidden = (method.facts.access() & Modifier.PRIVATE) != 0 && !method.facts.isStatic();
        if (!method.constructionOnly && (method.facts.isConstructor() || hidden && !method.callers.isEmpty()
            && !method.facts.name().startsWith("lambda$")
            && method.callers.stream().allMatch(caller -> caller.constructionOnly && caller.owner == method.owner))) {
          method.constructionOnly = true;
          changed = true;
        }
      }
    }
  }

  private void markInitOnly() {
    boolean changed = true;
    for (int round = 0; changed && round < 8; round++) {
      changed = false;
      for (Method method : methods()) {
        boolean hidden = !method.facts.isApi() && !method.facts.isConstructor();
        if (!method.initOnly && (method.facts.isStaticInitializer()
            || hidden && !method.callers.isEmpty() && method.callers.stream().allMatch(caller -> caller.initOnly))) {
          method.initOnly = true;
          changed = true;
        }
      }
    }
  }
}
