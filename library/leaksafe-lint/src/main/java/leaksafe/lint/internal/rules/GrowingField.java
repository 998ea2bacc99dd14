package leaksafe.lint.internal.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Severity;
import leaksafe.lint.Site;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.rules.Keys.Domain;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.FieldStory.Growth;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

/**
 * A collection that is added to and that no reachable code of the class set removes from: what the rules about growth have in common.
 *
 * @param lives how long its owner lives
 * @param removal what the code that removes is good for; never {@link Removal#SERVES}
 * @param domain how many keys there can be
 * @param doubt what speaks for a bound that the class set does not show; null if nothing does
 */
record GrowingField(FieldStory field, Life lives, Removal removal, Domain domain, @Nullable String doubt) {

  /** How long a field's owner lives, as far as the class set tells. */
  enum Life {
    /** As long as its class: it is static, or its object is the only one of its class. */
    STATIC,
    /** Nobody can tell. */
    INSTANCE
  }

  /** Returns every such field of a program, in order. */
  static List<GrowingField> in(Program program) {
    return program.once(GrowingField.class, GrowingField::find);
  }

  private static List<GrowingField> find(Program program) {
    Set<String> held = heldByStatics(program);
    List<GrowingField> found = new ArrayList<>();
    for (FieldStory field : program.fields()) {
      Category category = program.types.categoryOf(field.facts.desc());
      boolean follows = category == Category.COLLECTION || category == Category.TEXT && field.facts.isStatic();
      if (!follows || field.growths.isEmpty() || field.escapes || field.facts.isSynthetic()
          || field.growths.stream().allMatch(Growth::hasConstantKey)
          || field.bounded && !(field.isSoft() && Keys.domain(program, field) == Domain.FRESH)) {
        continue;
      }
      Removal removal = Removal.of(program, field);
      if (removal == Removal.SERVES || removal == Removal.UNCALLED
          && field.growths.stream().noneMatch(growth -> program.isReached(growth.method()))) {
        continue;
      }
      Domain domain = Keys.domain(program, field);
      if (domain != Domain.FEW) {
        Life life = field.facts.isStatic() || held.contains(field.owner.name()) ? Life.STATIC : Life.INSTANCE;
        found.add(new GrowingField(field, life, removal, domain, Doubts.about(program, field, life, domain)));
      }
    }
    return found;
  }

  /** Reports it with every line that adds; as a note, with the doubt, if there is one. */
  void report(String rule, Severity severity, String reason, String advice, Consumer<Finding> findings) {
    Set<Site> sites = new TreeSet<>();
    field.growths.forEach(growth -> sites.add(Check.site(growth.method(), growth.line())));
    String whole = domain == Domain.FRESH ? reason + "; each key is a new object that is equal to no other, so no entry is found again" : reason;
    findings.accept(new Finding(rule, doubt == null ? severity : Severity.INFO, field.member(), Check.typeOf(field), List.copyOf(sites),
        doubt == null ? whole : whole + "; but " + doubt, advice));
  }

  String nothingRemoves() {
    return removal == Removal.NONE ? "nothing removes from it" : "only what ends all of it empties it: " + removers();
  }

  /** Returns the methods that remove, by name. */
  String removers() {
    Set<String> names = new TreeSet<>();
    field.removals.forEach(place -> names.add(place.method().toString()));
    return String.join(", ", names);
  }

  static boolean isComponent(ClassFacts owner) {
    return owner.annotations().stream().anyMatch(name -> name.endsWith("/Singleton") || name.endsWith("/ApplicationScoped")
        || name.startsWith("org/springframework/") || name.endsWith("/WebServlet"));
  }

  /** Classes whose one instance a static final field of their own holds, enums, and components of a container. */
  private static Set<String> heldByStatics(Program program) {
    Set<String> held = new HashSet<>();
    for (ClassFacts owner : program.classes.values()) {
      boolean hidden = owner.methods().stream().filter(method -> method.isConstructor()).allMatch(method -> (method.access() & 2) != 0);
      long own = owner.fields().stream().filter(field -> field.isStatic() && field.type().equals(owner.name())).count();
      if (program.isEnum(owner.name()) || hidden && own > 0 && own <= 3 || isComponent(owner)) {
        held.add(owner.name());
      }
    }
    return held;
  }
}
