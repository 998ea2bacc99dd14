package leaksafe.lint.internal.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.facts.FieldRef;
import leaksafe.lint.internal.facts.LambdaFact;
import leaksafe.lint.internal.facts.MethodRef;
import leaksafe.lint.internal.facts.Origin;
import leaksafe.lint.internal.facts.Origin.Kind;
import leaksafe.lint.internal.facts.StoreFact;
import leaksafe.lint.internal.facts.Vocabulary;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import org.jspecify.annotations.Nullable;

/** Tells every field's story: follows values through calls, getters, wrappers, views, lambdas and aliases. */
public final class Solver {
  /** What an origin leads to: a field, or a parameter of the method; possibly a view of it. */
  record Ref(@Nullable FieldStory field, int parameter, boolean view) {}

  private record Flow(Method from, Ref ref, Method to, int parameter, int line, CallFact.Guards guards) {}

  private static final int DEEPEST = 6;
  private static final Pattern RESTORES = Pattern.compile("^(exit|leave|restore|reset|end|pop)([A-Z]|$)");
  private static final Set<String> BOUNDING = Set.of("weakKeys", "weakValues", "softKeys", "softValues", "maximumSize", "maximumWeight",
      "expireAfterWrite", "expireAfterAccess", "expiration", "expireAfter");

  private final Program program;
  private final Vocabulary vocabulary;
  private final Additions additions;
  private final Removals removals;
  private final Bounds bounds;
  private final List<Flow> flows = new ArrayList<>();
  private final Map<Method, Map<Integer, Set<FieldStory>>> locals = new HashMap<>();
  private final Map<Method, Set<Ref>> returned = new HashMap<>();

  public Solver(Program program) {
    this.program = program;
    this.vocabulary = program.types.vocabulary();
    this.additions = new Additions(program);
    this.removals = new Removals(program);
    this.bounds = new Bounds(program);
  }

  public void solve() {
    List<Method> methods = program.methods();
    methods.forEach(this::stores);
    methods.forEach(this::events);
    boolean changed = true;
    for (int round = 0; changed && round < 12; round++) {
      changed = false;
      for (Flow flow : flows) {
        if (flow.ref.field == null) {
          int before = flow.from.parameters[flow.ref.parameter];
          flow.from.parameters[flow.ref.parameter] |= mask(flow);
          changed |= before != flow.from.parameters[flow.ref.parameter];
          for (Method.Stored stored : List.copyOf(flow.to.stored)) {
            changed |= stored.parameter() == flow.parameter && flow.from.stored.add(new Method.Stored(flow.ref.parameter, stored.field()));
          }
        }
      }
    }
    for (Flow flow : flows) {
      FieldStory field = flow.ref.field;
      if (field != null) {
        int mask = mask(flow);
        if ((mask & Method.GROWS) != 0) {
          grow(field, new FieldStory.Growth(flow.from, flow.line, FieldStory.Key.UNKNOWN, false, null, null, false), flow.guards);
        }
        mark(field, flow.from, flow.line, mask);
        flow.to.stored.forEach(stored -> {
          if (stored.parameter() == flow.parameter && stored.field() != field) {
            field.aliases.add(stored.field());
          }
        });
      }
    }
    program.fields().forEach(field -> field.bounded |= bounds.isBounded(field.facts.type()));
    joinAliases();
  }

  /** Tells each field what happens to its collection through other fields. All look at what was known before any of them learnt more. */
  private void joinAliases() {
    Map<FieldStory, Set<FieldStory>> joined = new LinkedHashMap<>();
    Map<FieldStory, FieldStory.Own> own = new HashMap<>();
    for (FieldStory field : program.fields()) {
      if (!field.aliases.isEmpty()) {
        Set<FieldStory> all = new LinkedHashSet<>();
        collect(field, all);
        all.remove(field);
        joined.put(field, all);
        all.forEach(alias -> own.computeIfAbsent(alias, FieldStory::own));
      }
    }
    joined.forEach((field, all) -> all.forEach(alias -> field.absorb(Objects.requireNonNull(own.get(alias)))));
  }

  private static void collect(FieldStory field, Set<FieldStory> all) {
    if (all.size() < 32 && all.add(field)) {
      field.aliases.forEach(alias -> collect(alias, all));
    }
  }

  private static int mask(Flow flow) {
    int mask = flow.to.parameters[flow.parameter];
    return flow.ref.view ? mask & ~Method.GROWS : mask;
  }

  private static void mark(FieldStory field, Method method, int line, int mask) {
    FieldStory.Place place = new FieldStory.Place(method, line);
    if ((mask & Method.SHRINKS) != 0) {
      field.removals.add(place);
    }
    if ((mask & Method.CLOSES) != 0) {
      field.closes.add(place);
    }
    if ((mask & Method.SETS) != 0) {
      field.sets.add(place);
    }
    if ((mask & Method.CLEARS) != 0) {
      field.clears.add(place);
    }
    field.escapes |= (mask & Method.ESCAPES) != 0;
  }

  private void grow(FieldStory field, FieldStory.Growth growth, CallFact.Guards guards) {
    Method method = growth.method();
    boolean own = method.owner.host().equals(field.owner.host());
    boolean initial = field.facts.isStatic() ? method.initOnly : method.constructionOnly && own;
    boolean once = guards.onceStatic() || !field.facts.isStatic() && guards.onceInstance();
    if (!initial && !once && !smallEnough(field, method, guards)) {
      field.growths.add(growth);
    }
  }

  private boolean smallEnough(FieldStory field, Method method, CallFact.Guards guards) {
    for (int origin : guards.sizes()) {
      Origin size = method.facts.origins().get(origin);
      if (size.kind() == Kind.CALL) {
        CallFact call = method.facts.calls().get(size.index());
        if (vocabulary.isSizeTest(call.callee().name())
            && refs(method, call.receiver(), 0).stream().anyMatch(ref -> ref.field == field)) {
          return true;
        }
      }
    }
    return false;
  }

  private void stores(Method method) {
    for (StoreFact store : method.facts.stores()) {
      FieldStory target = program.field(store.field().owner(), store.field().name());
      if (target != null && target.line < 0 && method.owner == target.owner) {
        target.line = store.line();
      }
      for (int index : store.value()) {
        Origin origin = method.facts.origins().get(index);
        if (target != null && origin.kind() != Kind.NULL) {
          describe(target, method, origin, 0);
          if (origin.kind() == Kind.NEW) {
            locals.computeIfAbsent(method, key -> new HashMap<>()).computeIfAbsent(index, key -> new HashSet<>()).add(target);
          }
        }
      }
    }
  }

  /** Learns from a stored value what kind of collection the field holds. */
  private void describe(FieldStory target, Method method, Origin origin, int depth) {
    if (origin.kind() == Kind.NEW && origin.type() != null) {
      target.madeHere = true;
      target.allocations.add(origin.type());
      target.bounded |= bounds.isBounded(origin.type());
      target.concurrent |= Vocabulary.isConcurrent(origin.type());
      for (CallFact call : method.facts.calls()) {
        if (call.callee().isConstructor() && call.callee().owner().equals(origin.type()) && refersTo(method, call.receiver(), origin)) {
          target.constructedBy.add(call.callee());
          target.daemon |= call.callee().owner().equals("java/util/Timer") && call.callee().desc().contains("Z") || makesDaemons(method, call);
        }
      }
    } else if (origin.kind() == Kind.PARAMETER && depth < DEEPEST && method.facts.isConstructor() && program.types.categoryOf(target.facts.desc()) == Category.EXECUTOR) {
      describeArgument(target, method, origin.index(), depth);
    } else if (origin.kind() == Kind.CALL && depth < DEEPEST) {
      CallFact call = method.facts.calls().get(origin.index());
      MethodRef callee = call.callee();
      target.madeHere |= callee.owner().equals("java/util/concurrent/Executors") || callee.name().equals("withInitial")
          || callee.name().startsWith("new") || callee.name().equals("makeMap") || callee.name().equals("composite");
      target.madeByCall.add(callee.name());
      target.daemon |= makesDaemons(method, call);
      target.concurrent |= callee.name().startsWith("synchronized") || callee.name().contains("oncurrent")
          || callee.name().equals("newKeySet") || callee.name().equals("makeMap");
      target.bounded |= BOUNDING.contains(callee.name()) || callee.name().equals("asMap")
          || callee.owner().equals("java/util/EnumSet") || callee.name().startsWith("newEnum");
      List<int[]> inner = isWrapper(call) || program.types.category(callee.owner()) == Category.BUILDER ? call.arguments() : List.of();
      for (int[] argument : inner) {
        for (int index : argument) {
          describe(target, method, method.facts.origins().get(index), depth + 1);
        }
      }
      for (Method made : program.targets(callee, false)) {
        for (int index : made.facts.returned()) {
          describe(target, made, made.facts.origins().get(index), depth + 1);
        }
      }
    }
  }

  /** Returns whether a call that makes an executor gives it a factory of daemons: a lambda or class that makes such, or a builder of one. */
  private boolean makesDaemons(Method method, CallFact call) {
    if (!call.callee().desc().contains("ThreadFactory;")) {
      return false;
    }
    if (method.facts.callees().stream().anyMatch(callee -> !callee.owner().equals("java/lang/Thread") && speaksOfDaemons(callee))) {
      return true;
    }
    for (int[] argument : call.arguments()) {
      for (int index : argument) {
        Origin origin = method.facts.origins().get(index);
        List<Method> makers = origin.kind() == Kind.LAMBDA ? program.targets(method.facts.lambdas().get(origin.index()).implementation(), false)
            : origin.kind() == Kind.NEW && origin.type() != null ? List.copyOf(program.methods.getOrDefault(origin.type(), Map.of()).values())
            : List.of();
        if (makers.stream().anyMatch(maker -> maker.facts.callees().stream().anyMatch(Solver::speaksOfDaemons))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean speaksOfDaemons(MethodRef callee) {
    return callee.name().toLowerCase(Locale.ROOT).contains("daemon") && !callee.name().equals("isDaemon");
  }

  /**
   * Learns from what is passed to a constructor: if another constructor of the class makes the object, or, where nobody outside of
   * the package can call it, the class set's own factories do, the class owns it.
   */
  private void describeArgument(FieldStory target, Method constructor, int parameter, int depth) {
    for (Method caller : constructor.callers) {
      if (constructor.facts.isApi() && !(caller.facts.isConstructor() && caller.owner == constructor.owner)) {
        continue;
      }
      for (CallFact call : caller.facts.calls()) {
        if (call.callee().isConstructor() && call.callee().owner().equals(constructor.owner.name())
            && call.callee().desc().equals(constructor.facts.desc())) {
          for (int index : call.arguments().get(parameter)) {
            describe(target, caller, caller.facts.origins().get(index), depth + 1);
          }
        }
      }
    }
  }

  private static boolean refersTo(Method method, int[] origins, Origin wanted) {
    for (int index : origins) {
      if (method.facts.origins().get(index).equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWrapper(CallFact call) {
    String name = call.callee().name();
    String owner = call.callee().owner();
    return owner.equals("java/util/Collections")
        && (name.startsWith("synchronized") || name.startsWith("checked") || name.equals("newSetFromMap"))
        || owner.equals("java/util/Objects") && name.startsWith("requireNonNull")
        || owner.startsWith("java/lang/StringBu") && (name.equals("append") || name.equals("insert"));
  }

  /**
   * Returns where a call can go. What the vocabulary knows is judged by its words alone: a field of type Queue is hardly ever one of
   * the queues that the class set implements, and to take it for all of them would hide every leak behind one that removes.
   */
  private List<Method> targets(MethodRef callee) {
    return vocabulary.categoryByName(callee.owner()) == Category.NONE ? program.targets(callee, true) : List.of();
  }

  private Set<Ref> refs(Method method, int[] origins, int depth) {
    Set<Ref> refs = new LinkedHashSet<>(2);
    for (int index : origins) {
      Origin origin = method.facts.origins().get(index);
      FieldRef field = origin.field();
      if (field != null) {
        FieldStory story = program.field(field.owner(), field.name());
        if (story != null) {
          refs.add(new Ref(story, -1, false));
        }
      } else if (origin.kind() == Kind.PARAMETER) {
        refs.add(new Ref(null, origin.index(), false));
      } else if (origin.kind() == Kind.NEW) {
        locals.getOrDefault(method, Map.of()).getOrDefault(index, Set.of()).forEach(story -> refs.add(new Ref(story, -1, true)));
      } else if (origin.kind() == Kind.CALL && depth < DEEPEST) {
        CallFact call = method.facts.calls().get(origin.index());
        boolean view = vocabulary.isView(call.callee().name());
        if (view && !call.isStatic()) {
          refs(method, call.receiver(), depth + 1).forEach(ref -> refs.add(new Ref(ref.field, ref.parameter, true)));
        } else if (isWrapper(call)) {
          refs.addAll(refs(method, call.arguments().get(0), depth + 1));
        }
        for (Method target : targets(call.callee())) {
          for (Ref returned : returnedBy(target)) {
            if (returned.field != null) {
              refs.add(returned);
            } else if (returned.parameter < call.arguments().size()) {
              refs.addAll(refs(method, call.arguments().get(returned.parameter), depth + 1));
            }
          }
        }
      }
    }
    return refs;
  }

  /** Returns what a method's result leads to; nothing while that is being found out, as in a recursion. */
  private Set<Ref> returnedBy(Method method) {
    Set<Ref> known = returned.get(method);
    if (known == null) {
      returned.put(method, Set.of());
      known = refs(method, method.facts.returned(), 0);
      returned.put(method, known);
    }
    return known;
  }

  private void events(Method method) {
    for (CallFact call : method.facts.calls()) {
      call(method, call);
    }
    for (StoreFact store : method.facts.stores()) {
      FieldStory target = program.field(store.field().owner(), store.field().name());
      boolean nothing = store.value().length == 1 && method.facts.origins().get(store.value()[0]).kind() == Kind.NULL;
      // Whoever lets go of a ThreadLocal leaves its values where they are: in the threads.
      boolean stays = target != null && program.types.categoryOf(target.facts.desc()) == Category.THREAD_LOCAL;
      if (target != null && !stays && !(store.lazy() && !nothing) && !method.initOnly && !(method.facts.isConstructor() && !target.facts.isStatic())) {
        target.removals.add(new FieldStory.Place(method, store.line()));
      }
      for (Ref ref : refs(method, store.value(), 0)) {
        if (target == null) {
          apply(ref, method, store.line(), Method.ESCAPES);
        } else if (ref.field == null) {
          method.stored.add(new Method.Stored(ref.parameter, target));
          boolean own = target.madeHere && method.facts.isConstructor() && program.types.categoryOf(target.facts.desc()) == Category.EXECUTOR;
          target.escapes |= !target.facts.isSynthetic() && !own;
        } else if (ref.field != target) {
          ref.field.aliases.add(target);
        }
      }
    }
    for (Ref ref : refs(method, method.facts.passed(), 0)) {
      apply(ref, method, method.facts.line(), Method.ESCAPES);
    }
    for (Ref ref : refs(method, method.facts.returned(), 0)) {
      if (ref.field != null && !ref.view && (method.facts.isApi() || method.facts.name().startsWith("lambda$"))) {
        ref.field.escapes = true;
      }
    }
    for (LambdaFact lambda : method.facts.lambdas()) {
      List<Method> targets = program.targets(lambda.implementation(), true);
      for (int k = 0; k < lambda.captures().size(); k++) {
        for (Ref ref : refs(method, lambda.captures().get(k), 0)) {
          if (targets.isEmpty() && k == 0 && !lambda.isStatic()) {
            bound(method, lambda, ref);
          }
          flow(method, ref, targets, k, lambda.line(), CallFact.Guards.NONE);
        }
      }
    }
  }

  private void bound(Method method, LambdaFact lambda, Ref ref) {
    String name = lambda.implementation().name();
    if (vocabulary.grows(name) && !ref.view) {
      if (ref.field != null) {
        grow(ref.field, new FieldStory.Growth(method, lambda.line(), null, false, null, null, false), CallFact.Guards.NONE);
      } else {
        method.parameters[ref.parameter] |= Method.GROWS;
      }
    }
    apply(ref, method, lambda.line(), removalMask(name));
  }

  private int removalMask(String name) {
    return (vocabulary.shrinks(name) ? Method.SHRINKS : 0)
        | (name.startsWith("shutdown") || name.equals("close") || name.equals("cancel") ? Method.CLOSES : 0);
  }

  private void call(Method method, CallFact call) {
    MethodRef callee = call.callee();
    Category category = program.types.category(callee.owner());
    List<Method> targets = targets(callee);
    boolean onFollowed = !call.isStatic() && category != Category.NONE;
    if (category == Category.COLLECTION && vocabulary.shrinks(callee.name())) {
      empties(method, call, call.receiver(), 0);
    }
    for (int k = 0; k < call.arguments().size(); k++) {
      boolean receiver = k == 0 && !call.isStatic();
      for (Ref ref : refs(method, call.arguments().get(k), 0)) {
        if (receiver && onFollowed && !callee.isConstructor()) {
          boolean iterator = category == Category.ITERATOR;
          if (vocabulary.grows(callee.name()) && !iterator && !ref.view && category != Category.THREAD_LOCAL) {
            growth(method, call, ref);
          }
          apply(ref, method, call.line(), (removals.isFutile(ref, call) ? 0 : removalMask(callee.name()))
              | (removals.byFunction(method, call) ? Method.SHRINKS : 0)
              | (category == Category.THREAD_LOCAL && callee.name().equals("set") ? setMask(method, call, ref) : 0));
        }
        if (!targets.isEmpty()) {
          flow(method, ref, targets, k, call.line(), call.guards());
        } else if (!receiver && !vocabulary.isHarmless(callee.owner(), callee.name())
            && !isLent(ref, callee)
            && !(onFollowed && (callee.name().startsWith("contains") || callee.name().endsWith("All") || callee.name().equals("equals")))) {
          apply(ref, method, call.line(), Method.ESCAPES);
        } else if (!receiver && callee.owner().startsWith("kotlin/collections/") && callee.name().startsWith("remove")) {
          apply(ref, method, call.line(), Method.SHRINKS);
        }
      }
    }
  }

  /** Notes that a call takes something out of a collection, if that is what a thread-local holds. */
  private void empties(Method method, CallFact call, int[] collection, int depth) {
    for (int index : collection) {
      Origin origin = method.facts.origins().get(index);
      if (origin.kind() == Kind.CALL && depth < DEEPEST) {
        CallFact from = method.facts.calls().get(origin.index());
        if (from.callee().name().equals("get") && program.types.category(from.callee().owner()) == Category.THREAD_LOCAL) {
          refs(method, from.receiver(), 0).stream().map(Ref::field).filter(Objects::nonNull)
              .forEach(field -> field.emptied.add(new FieldStory.Place(method, call.line())));
        } else if (isWrapper(from)) {
          empties(method, call, from.arguments().get(0), depth + 1);
        }
      }
    }
  }

  /** Null, and what it held before, end what an earlier set began. */
  private int setMask(Method method, CallFact set, Ref local) {
    boolean restores = set.argument(0).length > 0;
    boolean given = restores;
    for (int index : set.argument(0)) {
      Origin origin = method.facts.origins().get(index);
      CallFact get = origin.kind() == Kind.CALL ? method.facts.calls().get(origin.index()) : null;
      restores &= get != null && isGet(method, get, local);
      given &= origin.kind() == Kind.PARAMETER;
    }
    if (restores || method.facts.isNull(set.argument(0)) || given && RESTORES.matcher(method.facts.name()).find()) {
      return Method.CLEARS;
    }
    // What gives back what was there before is called once more to set it back.
    boolean swaps = given && Arrays.stream(method.facts.returned()).mapToObj(method.facts.origins()::get).anyMatch(origin ->
        origin.kind() == Kind.CALL && isGet(method, method.facts.calls().get(origin.index()), local));
    return swaps ? Method.SETS | Method.CLEARS : Method.SETS;
  }

  private boolean isGet(Method method, CallFact call, Ref local) {
    return call.callee().name().equals("get") && refs(method, call.receiver(), 0).contains(local);
  }

  /** Returns whether an executor is passed to code that runs tasks on it and leaves it to its owner to end it. */
  private boolean isLent(Ref ref, MethodRef callee) {
    return ref.field != null && program.types.categoryOf(ref.field.facts.desc()) == Category.EXECUTOR
        && (callee.owner().startsWith("java/") || callee.name().equals("executor"));
  }

  private void growth(Method method, CallFact call, Ref ref) {
    if (ref.field == null) {
      method.parameters[ref.parameter] |= Method.GROWS;
      return;
    }
    grow(ref.field, additions.read(method, call), call.guards());
  }

  private static void apply(Ref ref, Method method, int line, int mask) {
    if (ref.field != null) {
      mark(ref.field, method, line, mask);
    } else {
      method.parameters[ref.parameter] |= mask;
    }
  }

  private void flow(Method from, Ref ref, List<Method> targets, int parameter, int line, CallFact.Guards guards) {
    for (Method target : targets) {
      if (parameter < target.parameters.length) {
        flows.add(new Flow(from, ref, target, parameter, line, guards));
      }
    }
  }
}
