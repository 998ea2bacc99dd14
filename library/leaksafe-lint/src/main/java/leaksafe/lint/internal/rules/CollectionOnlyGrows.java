package leaksafe.lint.internal.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import leaksafe.lint.Finding;
import leaksafe.lint.Rule;
import leaksafe.lint.Severity;
import leaksafe.lint.Site;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.FieldStory.Growth;
import leaksafe.lint.internal.solve.Method;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

/** A collection of a class, or of an object that lives long, which is added to and never removed from (LS001 to LS005). */
final class CollectionOnlyGrows implements Check {
  private static final Set<String> CLASS_LIKE = Set.of("java/lang/Class", "java/lang/ClassLoader", "java/lang/reflect/Method",
      "java/lang/reflect/Field", "java/lang/reflect/Constructor", "java/lang/reflect/Type", "java/lang/reflect/Member",
      "java/lang/reflect/AnnotatedElement", "java/lang/Thread", "java/lang/Package", "java/lang/Module");
  private static final Set<String> FEW_VALUES = Set.of("java/lang/Boolean", "java/lang/Byte", "java/lang/Character", "java/util/Locale",
      "java/time/ZoneId", "java/util/TimeZone", "java/nio/charset/Charset", "java/util/Currency", "org/joda/time/DateTimeZone");
  private static final Set<String> FROM_OUTSIDE = Set.of("java/lang/String", "java/lang/CharSequence", "java/lang/Long",
      "java/lang/Integer", "java/util/UUID", "java/net/URL", "java/net/URI", "java/net/InetAddress");

  @Override
  public List<Rule> rules() {
    return List.of(new Rule("LS001", "StaticCollectionOnlyGrows", "A static collection is appended to and never shrinks"),
        new Rule("LS002", "StaticMapOnlyGrows", "A static map is filled under run-time keys and never shrinks"),
        new Rule("LS003", "StaticMapKeepsClasses", "A static map keeps classes, class loaders or threads as keys"),
        new Rule("LS004", "RemovalNobodyCalls", "The only methods that remove are called by nobody"),
        new Rule("LS005", "LongLivedObjectOnlyGrows", "A collection of a long-lived object is added to and never shrinks"));
  }

  @Override
  public void check(Program program, Consumer<Finding> findings) {
    Set<String> held = heldByStatics(program);
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
      if (field.facts.isStatic() || held.contains(field.owner.name())) {
        reportStatic(program, field, manual, findings);
      } else {
        reportInstance(program, field, manual, findings);
      }
    }
  }

  private static void reportStatic(Program program, FieldStory field, boolean manual, Consumer<Finding> findings) {
    String key = keyType(field);
    boolean keyed = field.growths.stream().anyMatch(Growth::keyed);
    boolean few = key != null && (FEW_VALUES.contains(key) || program.isEnum(key)
        || program.types.vocabulary().isSmallDomainByConfiguration(key));
    if (few && program.isEnum(key)) {
      return;
    }
    if (manual) {
      emit(field, "LS004", few ? Severity.INFO : Severity.WARNING, "only methods that nobody calls remove from it: " + removers(field),
          "call one of them when the entry has served, or keep the entries in a leaksafe.cache.Cache with a maximumSize", findings);
    } else if (!keyed) {
      emit(field, "LS001", Severity.ERROR, "nothing removes from it", "keep the last N in a bounded queue or a ring", findings);
    } else if (key != null && CLASS_LIKE.contains(key)) {
      emit(field, "LS003", Severity.WARNING, "nothing removes from it, and its keys keep class loaders alive",
          "use a leaksafe.registry.WeakRegistry or a ClassValue", findings);
    } else {
      boolean outside = key != null && FROM_OUTSIDE.contains(key) && field.growths.stream().anyMatch(Growth::keyFromOutside);
      Severity severity = few || isRegistration(field) ? Severity.INFO : outside ? Severity.ERROR : Severity.WARNING;
      emit(field, "LS002", severity, "nothing removes from it",
          "use a leaksafe.cache.Cache with a maximumSize or an expiry, or leaksafe.memo.Memo", findings);
    }
  }

  private static void reportInstance(Program program, FieldStory field, boolean manual, Consumer<Finding> findings) {
    boolean shared = field.concurrent || field.facts.desc().contains("java/util/concurrent/")
        || field.growths.stream().anyMatch(growth -> growth.method().facts.locks());
    String simple = field.owner.name().substring(field.owner.name().lastIndexOf('/') + 1);
    boolean shortLived = simple.contains("Builder") || program.isSubtype(field.owner.superName(), "java/lang/Throwable")
        || "java/lang/Record".equals(field.owner.superName()) || "java/lang/Exception".equals(field.owner.superName())
        || program.types.category(field.owner.name()) != Category.NONE;
    String key = keyType(field);
    if (!shared || shortLived || manual || !field.madeHere || program.isEnum(key)
        || field.growths.stream().noneMatch(growth -> !growth.constantKey())) {
      return;
    }
    boolean stops = field.owner.methods().stream().anyMatch(method -> Set.of("close", "stop", "shutdown", "destroy").contains(method.name()));
    emit(field, "LS005", isComponent(field.owner) || stops ? Severity.WARNING : Severity.INFO,
        "nothing removes from it, and threads share it, so its owner lives long",
        "remove the entry when its subject ends, or use a leaksafe.cache.Cache or WeakRegistry", findings);
  }

  private static boolean isComponent(ClassFacts owner) {
    return owner.annotations().stream().anyMatch(name -> name.endsWith("/Singleton") || name.endsWith("/ApplicationScoped")
        || name.startsWith("org/springframework/") || name.endsWith("/WebServlet"));
  }

  /** Classes whose one instance a static final field of their own holds, enums, and components of a container. */
  private static Set<String> heldByStatics(Program program) {
    Set<String> held = new HashSet<>();
    for (ClassFacts owner : program.classes.values()) {
      boolean hidden = owner.methods().stream().filter(method -> method.isConstructor()).allMatch(method -> (method.access() & 2) != 0);
      boolean self = owner.fields().stream().anyMatch(field -> field.isStatic() && field.type().equals(owner.name()));
      boolean few = owner.fields().stream().filter(field -> field.isStatic() && field.type().equals(owner.name())).count() <= 3;
      if (program.isEnum(owner.name()) || hidden && self && few || isComponent(owner)) {
        held.add(owner.name());
      }
    }
    return held;
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

  private static boolean isRegistration(FieldStory field) {
    return field.growths.stream().allMatch(growth -> {
      String name = growth.method().facts.name().toLowerCase(Locale.ROOT);
      return name.startsWith("register") || name.startsWith("define")
          || name.startsWith("add") && (name.endsWith("factory") || name.endsWith("provider") || name.endsWith("type"));
    });
  }

  private static String removers(FieldStory field) {
    Set<String> names = new TreeSet<>();
    field.removals.forEach(place -> names.add(place.method().toString()));
    return String.join(", ", names);
  }

  private static void emit(FieldStory field, String rule, Severity severity, String reason, String advice, Consumer<Finding> findings) {
    Set<Site> sites = new TreeSet<>();
    for (Growth growth : field.growths) {
      Method method = growth.method();
      sites.add(Check.site(method, growth.line()));
    }
    findings.accept(new Finding(rule, severity, field.member(), Check.typeOf(field), List.copyOf(sites), reason, advice));
  }
}
