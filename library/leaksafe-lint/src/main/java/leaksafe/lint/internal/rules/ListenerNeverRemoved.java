package leaksafe.lint.internal.rules;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.internal.facts.CallFact;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.FieldFacts;
import leaksafe.lint.internal.facts.FieldRef;
import leaksafe.lint.internal.facts.Origin;
import leaksafe.lint.internal.facts.Origin.Kind;
import leaksafe.lint.internal.facts.Signatures;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.facts.Watch;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;

/** A listener that holds its maker, given to something that lives longer, and never taken back (LS040). */
final class ListenerNeverRemoved implements Check {

  @Override
  public Rule rule() {
    return new Rule("LS040", "ListenerNeverRemoved", "A listener that holds this object is added to a global and never removed");
  }

  private static final Pattern LISTENER = Pattern.compile("(Listener|Observer|Callback|Subscriber|Consumer|Handler)$");
  private static final Pattern REMOVES = Pattern.compile("^(remove|unregister|unsubscribe|deregister|detach)(\\w*)$");
  private static final Pattern OF_LISTENERS = Pattern.compile("(Listener|Observer|Callback|Subscriber|Consumer|Handler|Subscription)s?(;|$)");
  private static final Pattern WAITS_FOR_END = Pattern.compile("Clos(e|ing|ed)|Terminat|Shutdown|Stop|Destr(oy|uct)|Life[cC]ycle");
  private static final Pattern ADDS = Pattern.compile("^(add|register|subscribe|attach|on[A-Z])");

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    program.fields().forEach(field -> checkHub(field, findings));
    for (Method method : program.methods()) {
      for (CallFact call : method.facts.calls()) {
        if (!method.facts.isStatic() && Watch.isListenerRegistration(call.callee().name(), call.callee().desc())
            && livesLonger(program, method, call.receiver()) && holdsThis(program, method, call) && !removes(program, method, call)) {
          // What can be closed and is not taken back then stays for as long as what it listens to.
          boolean closed = LongLivedObjectOnlyGrows.isService(program, method.owner) && !endsTogether(program, method, call);
          findings.accept(new Finding("LS040", closed ? Severity.WARNING : Severity.INFO, method.owner.name().replace('/', '.') + "#" + method.facts.name(), "",
              List.of(Check.site(method, call.line())), "the listener holds this object, and nothing in the class removes it",
              "remove it where this object ends, or use leaksafe.event.EventBus, which lets go of it with its owner"));
        }
      }
    }
  }

  /** Returns whether the receiver is global, or was there before this object: it was injected, or is an argument of the constructor. */
  private static boolean livesLonger(Program program, Method method, int[] receiver) {
    for (int index : receiver) {
      Origin origin = method.facts.origins().get(index);
      if (origin.kind() == Kind.CONSTANT
          || origin.kind() == Kind.CALL && method.facts.calls().get(origin.index()).arguments().isEmpty()
          || origin.kind() == Kind.PARAMETER && method.facts.isConstructor() && origin.index() > 0
          || origin.field() != null && !origin.field().isStatic() && isInjected(program, method.owner, origin.field())) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a container sets the field, or the class takes an object of its type in a constructor and makes none. */
  private static boolean isInjected(Program program, ClassFacts owner, FieldRef ref) {
    FieldFacts field = owner.fields().stream().filter(each -> each.name().equals(ref.name()) && each.desc().equals(ref.desc()))
        .findFirst().orElse(null);
    if (field == null || field.isSynthetic() || program.types.categoryOf(field.desc()) != Category.NONE) {
      return false;
    }
    if (field.annotations().stream().anyMatch(name -> name.matches(".*/(Inject|Autowired|Resource|Context)"))) {
      return true;
    }
    return owner.methods().stream().anyMatch(method -> method.isConstructor() && method.desc().contains(field.desc()))
        && owner.methods().stream().flatMap(method -> method.callees().stream())
            .noneMatch(callee -> callee.isConstructor() && callee.owner().equals(field.type()));
  }

  /** Returns whether a field is a collection of listeners that can be added to and that nothing takes a listener back from. */
  static boolean isHub(FieldStory field) {
    List<String> arguments = Signatures.arguments(field.facts.signature());
    boolean listeners = !arguments.isEmpty() && LISTENER.matcher(Signatures.erasure(arguments.get(arguments.size() - 1))).find();
    boolean wrapped = field.growths.stream().allMatch(growth -> growth.made() != null && LISTENER.matcher(growth.method().facts.name()).find());
    return (listeners || wrapped) && !field.facts.isStatic() && field.madeHere && !field.escapes && !field.bounded && field.removals.isEmpty()
        && !field.growths.isEmpty()
        && field.growths.stream().allMatch(growth -> (growth.handedIn() || wrapped) && ADDS.matcher(growth.method().facts.name()).find());
  }

  private static void checkHub(FieldStory field, Consumer<Finding> findings) {
    if (isHub(field)) {
      findings.accept(new Finding("LS040", Severity.INFO, field.member(), Check.typeOf(field),
          field.growths.stream().map(growth -> Check.site(growth.method(), growth.line())).sorted().toList(),
          "listeners are added, and there is no way to take one back", "add a method that removes one, or use leaksafe.event.EventBus"));
    }
  }

  private static boolean holdsThis(Program program, Method method, CallFact call) {
    for (int[] argument : call.arguments().subList(Math.min(1, call.arguments().size()), call.arguments().size())) {
      for (int index : argument) {
        Origin origin = method.facts.origins().get(index);
        ClassFacts type = origin.type() == null ? null : program.classes.get(origin.type());
        if (isThis(origin) || origin.kind() == Kind.LAMBDA && method.facts.lambdas().get(origin.index()).captures().stream()
            .anyMatch(captured -> captured.length == 1 && isThis(method.facts.origins().get(captured[0])))
            || type != null && type.fields().stream().anyMatch(field -> !field.isStatic() && field.type().equals(method.owner.name()))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isThis(Origin origin) {
    return origin.kind() == Kind.PARAMETER && origin.index() == 0;
  }

  /** Returns whether the listener waits for the end of what it listens to, or the class ends that itself. */
  private static boolean endsTogether(Program program, Method adder, CallFact added) {
    String text = added.callee().name() + " " + added.callee().desc();
    return WAITS_FOR_END.matcher(text).find() || program.methodsUnder(adder.owner.host()).stream().flatMap(method -> method.facts.callees().stream())
        .anyMatch(callee -> callee.owner().equals(added.callee().owner()) && LongLivedObjectOnlyGrows.isEnd(callee.name()));
  }

  /** Returns whether the class takes listeners back; that it takes back something else, such as what it registered, does not help. */
  private static boolean removes(Program program, Method adder, CallFact added) {
    String what = added.callee().name().replaceFirst("^(add|register|subscribe|attach)", "");
    return program.methodsUnder(adder.owner.host()).stream().flatMap(method -> method.facts.callees().stream()).anyMatch(callee -> {
      Matcher removal = REMOVES.matcher(callee.name());
      return removal.find() && (!what.isEmpty() && removal.group(2).startsWith(what) || OF_LISTENERS.matcher(callee.name()).find()
          || OF_LISTENERS.matcher(callee.desc()).find());
    });
  }
}
