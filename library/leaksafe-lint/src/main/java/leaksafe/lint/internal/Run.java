package leaksafe.lint.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import leaksafe.lint.Finding;
import leaksafe.lint.LintReport;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.FactsCache;
import leaksafe.lint.internal.facts.FactsReader;
import leaksafe.lint.internal.facts.TypeTable;
import leaksafe.lint.internal.facts.TypeTable.Header;
import leaksafe.lint.internal.facts.Vocabulary;
import leaksafe.lint.internal.load.ClassPath;
import leaksafe.lint.internal.load.ClassPath.Unit;
import leaksafe.lint.internal.rules.Check;
import leaksafe.lint.internal.solve.Program;
import leaksafe.lint.internal.solve.Solver;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;

/** One run: read, extract on all processors, join, check, suppress, sort. */
public final class Run {
  private Run() {}

  public static LintReport run(List<Path> reported, List<Path> context, Vocabulary vocabulary, Predicate<String> wanted, Set<String> rules,
      @Nullable Path cacheFile) {
    Set<String> warnings = Collections.synchronizedSet(new TreeSet<>());
    ClassPath reader = new ClassPath(warnings::add);
    Map<String, Unit> units = new TreeMap<>();
    Set<String> own = new TreeSet<>();
    Map<String, Header> headers = new HashMap<>();
    long bytes = 0;
    for (int part = 0; part < 2; part++) {
      for (Path path : part == 0 ? reported : context) {
        for (Unit unit : reader.read(path)) {
          try {
            ClassReader header = new ClassReader(unit.bytes());
            String name = header.getClassName();
            Unit known = units.putIfAbsent(name, unit);
            if (known != null) {
              if (!java.util.Arrays.equals(known.bytes(), unit.bytes())) {
                warnings.add(unit.location() + ": " + name.replace('/', '.') + " was already read from " + known.location()
                    + ", which differs; this one is left out");
              }
              continue;
            }
            headers.put(name, new Header(header.getSuperName(), List.of(header.getInterfaces())));
            bytes += unit.bytes().length;
            if (part == 0 && wanted.test(name.replace('/', '.'))) {
              own.add(name);
            }
          } catch (RuntimeException e) {
            warnings.add(unit.location() + ": not a class file that can be read: " + e);
          }
        }
      }
    }
    warnOfMissing(headers, units, own, warnings::add);
    TypeTable types = new TypeTable(vocabulary, headers);
    FactsReader extractor = new FactsReader(types);
    FactsCache cache = cacheFile == null ? null : FactsCache.open(cacheFile, types, warnings::add);
    List<ClassFacts> facts = units.values().parallelStream().mapMulti((Unit unit, Consumer<ClassFacts> out) -> {
      try {
        out.accept(cache == null ? extractor.read(unit.bytes()) : factsOf(unit, extractor, cache));
      } catch (RuntimeException e) {
        warnings.add(unit.location() + ": not a class file that can be read: " + e);
      }
    }).toList();
    units.clear();
    if (cache != null) {
      cache.save();
    }
    Program program = new Program(types, facts);
    new Solver(program).solve();
    List<Finding> all = new ArrayList<>();
    for (Check check : Check.all()) {
      if (rules.contains(check.rule().id())) {
        check.check(program, all::add);
      }
    }
    Suppressions suppressions = new Suppressions(program, warnings::add);
    List<Finding> kept = all.stream()
        .filter(finding -> rules.contains(finding.rule()) && own.contains(Suppressions.ownerOf(finding)) && !suppressions.covers(finding))
        .distinct().sorted().toList();
    return new LintReport(kept, new ArrayList<>(warnings), own.size(), bytes);
  }

  /** Says in one line which supertypes nobody gave, however many: the first by name, and how many more. */
  private static void warnOfMissing(Map<String, Header> headers, Map<String, Unit> units, Set<String> own, Consumer<String> warnings) {
    Map<String, String> extendedBy = new TreeMap<>();
    for (Map.Entry<String, Unit> unit : units.entrySet()) {
      Header header = headers.get(unit.getKey());
      if (header == null || !own.contains(unit.getKey())) {
        continue;
      }
      Stream.concat(Stream.ofNullable(header.superName()), header.interfaces().stream())
          .filter(parent -> !headers.containsKey(parent) && !isOfLanguage(parent))
          .forEach(parent -> extendedBy.putIfAbsent(parent, unit.getValue().location()));
    }
    if (!extendedBy.isEmpty()) {
      int others = extendedBy.size() - 1;
      Map.Entry<String, String> first = extendedBy.entrySet().iterator().next();
      warnings.accept(first.getValue() + ": its supertype " + first.getKey().replace('/', '.') + " is not among the classes read"
          + (others == 0 ? "" : others == 1 ? ", nor is another" : ", nor are " + others + " others")
          + "; what it adds or removes is not seen: give its jar as context");
    }
  }

  /** Returns whether it belongs to the JDK or to the runtime of Kotlin, whose types the lint knows by name. */
  private static boolean isOfLanguage(String name) {
    return name.startsWith("java/") || name.startsWith("kotlin/") || ClassLoader.getPlatformClassLoader().getResource(name + ".class") != null;
  }

  private static ClassFacts factsOf(Unit unit, FactsReader extractor, FactsCache cache) {
    String key = FactsCache.key(unit.bytes());
    ClassFacts known = cache.get(key);
    if (known != null) {
      return known;
    }
    ClassFacts facts = extractor.read(unit.bytes());
    cache.put(key, facts);
    return facts;
  }
}
