package leaksafe.lint.internal.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Severity;
import leaksafe.lint.Site;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.FieldStory.Growth;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

/**
 * A collection that is added to and that no reachable code of the class set removes from: what the rules about growth have in common.
 *
 * @param lives how long its owner lives
 * @param manual there is code that removes, and nobody calls it
 * @param key the internal name of the key's class, if all growth agrees on one
 */
record GrowingField(FieldStory field, Life lives, boolean manual, @Nullable String key, KeyDomain domain) {

  /** How long a field's owner lives, as far as the class set tells. */
  enum Life {
    /** As long as its class: it is static, or its object is the only one of its class. */
    STATIC,
    /** Nobody can tell. */
    INSTANCE
  }

  /** How many keys there can be. */
  enum KeyDomain {
    /** The elements have no keys: a list, a queue, text. */
    NONE,
    /** Few by nature: enum constants, locales, time zones, character sets. Such a collection is bounded, whoever fills it. */
    FEW,
    /** Classes, class loaders, threads: few at a time, but they ought to end. */
    CLASSES,
    /** Text, numbers, addresses that come from outside of the method. */
    OUTSIDE,
    OTHER
  }

  private static final Set<String> CLASS_LIKE = Set.of("java/lang/Class", "java/lang/ClassLoader", "java/lang/reflect/Method",
      "java/lang/reflect/Field", "java/lang/reflect/Constructor", "java/lang/reflect/Type", "java/lang/reflect/Member",
      "java/lang/reflect/AnnotatedElement", "java/lang/reflect/Executable", "java/lang/Thread", "java/lang/Package", "java/lang/Module");
  private static final Set<String> FEW_VALUES = Set.of("java/lang/Boolean", "java/lang/Byte", "java/lang/Character", "java/util/Locale",
      "java/time/ZoneId", "java/util/TimeZone", "java/nio/charset/Charset", "java/util/Currency", "org/joda/time/DateTimeZone",
      "java/util/logging/Level", "java/util/concurrent/TimeUnit");
  private static final Set<String> FROM_OUTSIDE = Set.of("java/lang/String", "java/lang/CharSequence", "java/lang/Long",
      "java/lang/Integer", "java/util/UUID", "java/net/URL", "java/net/URI", "java/net/InetAddress");

  /** Returns every such field of a program, in order. */
  static List<GrowingField> in(Program program) {
    Set<String> held = heldByStatics(program);
    List<GrowingField> found = new ArrayList<>();
    for (FieldStory field : program.fields()) {
      Category category = program.types.categoryOf(field.facts.desc());
      boolean follows = category == Category.COLLECTION || category == Category.TEXT && field.facts.isStatic();
      if (!follows || field.growths.isEmpty() || field.escapes || field.bounded || field.facts.isSynthetic()
          || field.growths.stream().allMatch(Growth::constantKey)) {
        continue;
      }
      boolean manual = !field.removals.isEmpty();
      if (manual && (field.removals.stream().anyMatch(place -> program.isReached(place.method()))
          || field.growths.stream().noneMatch(growth -> program.isReached(growth.method())))) {
        continue;
      }
      String key = keyType(field);
      KeyDomain domain = domain(program, field, key);
      if (domain != KeyDomain.FEW) {
        Life life = field.facts.isStatic() || held.contains(field.owner.name()) ? Life.STATIC : Life.INSTANCE;
        found.add(new GrowingField(field, life, manual, key, domain));
      }
    }
    return found;
  }

  /** Reports it with every line that adds. */
  void report(String rule, Severity severity, String reason, String advice, Consumer<Finding> findings) {
    Set<Site> sites = new TreeSet<>();
    field.growths.forEach(growth -> sites.add(Check.site(growth.method(), growth.line())));
    findings.accept(new Finding(rule, severity, field.member(), Check.typeOf(field), List.copyOf(sites), reason, advice));
  }

  /** Returns whether only methods add that are there to set something up: the number of entries is that of the calls in the code. */
  boolean isRegistration() {
    return field.growths.stream().allMatch(growth -> {
      String name = growth.method().facts.name().toLowerCase(Locale.ROOT);
      return name.startsWith("register") || name.startsWith("define")
          || name.startsWith("add") && (name.endsWith("factory") || name.endsWith("provider") || name.endsWith("type"));
    });
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

  private static KeyDomain domain(Program program, FieldStory field, @Nullable String key) {
    if (program.isEnum(key)) {
      return KeyDomain.FEW;
    }
    if (field.growths.stream().noneMatch(Growth::keyed)) {
      return KeyDomain.NONE;
    }
    if (key == null) {
      return KeyDomain.OTHER;
    }
    if (FEW_VALUES.contains(key) || program.types.vocabulary().isSmallDomainByConfiguration(key)) {
      return KeyDomain.FEW;
    }
    if (CLASS_LIKE.contains(key)) {
      return KeyDomain.CLASSES;
    }
    return FROM_OUTSIDE.contains(key) && field.growths.stream().anyMatch(Growth::keyFromOutside) ? KeyDomain.OUTSIDE : KeyDomain.OTHER;
  }

  private static @Nullable String keyType(FieldStory field) {
    List<String> arguments = Signatures.arguments(field.facts.signature());
    String declared = arguments.isEmpty() ? null : Signatures.erasure(arguments.get(0));
    if (declared != null && !declared.equals("java/lang/Object") && !declared.equals("*") && !declared.startsWith("T")) {
      return declared;
    }
    Set<String> seen = new TreeSet<>();
    for (Growth growth : field.growths) {
      seen.add(growth.keyType() == null ? "" : growth.keyType());
    }
    return seen.size() == 1 && !seen.contains("") ? seen.iterator().next() : null;
  }
}
