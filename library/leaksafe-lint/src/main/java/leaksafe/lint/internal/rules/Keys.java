package leaksafe.lint.internal.rules;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.FieldFacts;
import leaksafe.lint.internal.facts.Signatures;
import leaksafe.lint.internal.solve.FieldStory;
import leaksafe.lint.internal.solve.FieldStory.Growth;
import leaksafe.lint.internal.solve.FieldStory.Key;
import leaksafe.lint.internal.solve.Program;
import org.jspecify.annotations.Nullable;

/** How many keys a map, or elements a set, can have, by what the keys are. */
final class Keys {

  /** How many keys there can be. */
  enum Domain {
    /** The elements have no keys: a list, a queue, text. */
    NONE,
    /** Few by nature: enum constants, locales, time zones, character sets. Such a collection is bounded, whoever fills it. */
    FEW,
    /** Classes, class loaders, threads: few at a time, but they ought to end. */
    CLASSES,
    /** Text, numbers, addresses that come from outside of the method, or values that have such a part. */
    OUTSIDE,
    /** Values that are equal by parts of which none is text or another thing without an end. */
    PARTS,
    /** Names of classes, or loggers: as many as the code has, and they hold no class. */
    CLASS_NAMES,
    /** Each is new and equal to no other. */
    FRESH,
    OTHER
  }

  private static final int DEEPEST = 3;
  private static final Set<String> CLASS_LIKE = Set.of("java/lang/Class", "java/lang/ClassLoader", "java/lang/reflect/Method",
      "java/lang/reflect/Field", "java/lang/reflect/Constructor", "java/lang/reflect/Type", "java/lang/reflect/Member",
      "java/lang/reflect/AnnotatedElement", "java/lang/reflect/Executable", "java/lang/Thread", "java/lang/Package", "java/lang/Module",
      "java/lang/annotation/Annotation", "java/lang/reflect/Parameter", "java/lang/invoke/MethodType");
  private static final Set<String> LOGGERS = Set.of("java/util/logging/Logger", "java/lang/System$Logger", "org/slf4j/Logger",
      "org/apache/logging/log4j/Logger", "org/apache/commons/logging/Log");
  private static final Set<String> FEW_VALUES = Set.of("java/lang/Boolean", "java/lang/Byte", "java/lang/Character", "java/util/Locale",
      "java/time/ZoneId", "java/time/ZoneOffset", "java/time/DayOfWeek", "java/time/Month", "java/util/TimeZone",
      "java/nio/charset/Charset", "java/util/Currency", "org/joda/time/DateTimeZone", "java/util/logging/Level",
      "java/util/concurrent/TimeUnit", "org/slf4j/event/Level", "org/apache/logging/log4j/Level", "java/lang/Enum", "Z", "B");
  private static final Set<String> ENDLESS = Set.of("java/lang/String", "java/lang/CharSequence", "java/lang/Long",
      "java/lang/Integer", "java/util/UUID", "java/net/URL", "java/net/URI", "java/net/InetAddress", "java/net/InetSocketAddress",
      "java/net/SocketAddress", "java/io/File", "java/nio/file/Path", "J");

  private Keys() {}

  static Domain domain(Program program, FieldStory field) {
    if (field.growths.stream().allMatch(growth -> growth.key() == null)) {
      return Domain.NONE;
    }
    if (field.growths.stream().anyMatch(growth -> growth.key() != null && growth.key().made() != null
        && comparesByIdentity(program, growth.key().made()))) {
      return Domain.FRESH;
    }
    if (field.growths.stream().allMatch(growth -> growth.key() != null && (growth.key().ofClass() || growth.hasConstantKey()))) {
      return Domain.CLASS_NAMES;
    }
    String type = type(field);
    if (type == null) {
      return Domain.OTHER;
    }
    Domain domain = ofType(program, type, 0);
    if (domain != Domain.OUTSIDE || !ENDLESS.contains(type)) {
      return domain;
    }
    return field.growths.stream().anyMatch(growth -> growth.key() != null && growth.key().fromOutside()) ? domain : Domain.OTHER;
  }

  /** Returns whether a key was put together from text, which hardly ever has few values. */
  static boolean areBuilt(FieldStory field) {
    return field.growths.stream().map(Growth::key).filter(Objects::nonNull).anyMatch(Key::built);
  }

  private static Domain ofType(Program program, String type, int depth) {
    if (program.isEnum(type) || FEW_VALUES.contains(type) || program.types.vocabulary().isSmallDomainByConfiguration(type)
        || program.isMadeOnlyAtStart(type)) {
      return Domain.FEW;
    }
    if (LOGGERS.contains(type)) {
      return Domain.CLASS_NAMES;
    }
    if (CLASS_LIKE.contains(type)) {
      return Domain.CLASSES;
    }
    if (ENDLESS.contains(type)) {
      return Domain.OUTSIDE;
    }
    return depth < DEEPEST ? ofParts(program, type, depth) : Domain.OTHER;
  }

  /** Judges a class of the class set that decides about equality itself by the fields that it can compare. */
  private static Domain ofParts(Program program, String type, int depth) {
    ClassFacts facts = program.classes.get(type);
    if (facts == null || Modifier.isInterface(facts.access()) || Modifier.isAbstract(facts.access()) || comparesByIdentity(program, type)) {
      return Domain.OTHER;
    }
    Domain worst = Domain.FEW;
    boolean namesMember = false;
    for (ClassFacts at = facts; at != null; at = at.superName() == null ? null : program.classes.get(at.superName())) {
      for (FieldFacts field : at.fields()) {
        if (!field.isStatic() && !(field.name().toLowerCase(java.util.Locale.ROOT).contains("hash") && field.desc().equals("I"))) {
          Domain part = ofType(program, field.type(), depth + 1);
          part = part == Domain.OTHER ? Domain.PARTS : part;
          namesMember |= part == Domain.CLASSES;
          worst = worst(worst, part);
        }
      }
    }
    // Text beside a class names one of its members, and there are as many of those as the code has.
    return namesMember && worst == Domain.OUTSIDE ? Domain.CLASSES : worst;
  }

  private static Domain worst(Domain one, Domain other) {
    if (one == Domain.OUTSIDE || other == Domain.OUTSIDE) {
      return Domain.OUTSIDE;
    }
    return one == Domain.FEW ? other : other == Domain.FEW || one == other ? one : Domain.PARTS;
  }

  /** Returns whether a class of the class set, and all that it extends, leaves equality at that of Object. */
  private static boolean comparesByIdentity(Program program, @Nullable String type) {
    for (String at = type; !"java/lang/Object".equals(at); ) {
      ClassFacts facts = at == null ? null : program.classes.get(at);
      if (facts == null || facts.methods().stream().anyMatch(method -> method.name().equals("equals") && method.desc().equals("(Ljava/lang/Object;)Z"))) {
        return false;
      }
      at = facts.superName();
    }
    return true;
  }

  private static @Nullable String type(FieldStory field) {
    List<String> arguments = Signatures.arguments(field.facts.signature());
    String declared = arguments.isEmpty() ? null : Signatures.erasure(arguments.get(0));
    if (declared != null && !declared.equals("java/lang/Object") && !declared.equals("*") && !declared.startsWith("T")) {
      return declared;
    }
    Set<String> seen = new TreeSet<>();
    for (Growth growth : field.growths) {
      Key key = growth.key();
      seen.add(key == null || key.type() == null ? "" : key.type());
    }
    return seen.size() == 1 && !seen.contains("") ? seen.iterator().next() : null;
  }
}
