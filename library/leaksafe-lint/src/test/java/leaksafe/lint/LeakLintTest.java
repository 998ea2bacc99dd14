package leaksafe.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakLintTest {
  private static final Path FIXTURES = Path.of("target/test-classes/leaksafe/lint/fixtures");

  /** The warnings about the project itself that stay, and why. */
  private static final Map<String, String> MEANT = Map.of(
      "LS005 leaksafe.lint.internal.facts.FactsCache#used", "one for each run, with an entry for each class that the run reads",
      "LS030 leaksafe.resource.internal.OwnedScheduledExecutorService#executor", "its superclass shuts the same executor down",
      "LS031 leaksafe.cli.Launch#run", "runs once in a process, which ends with the child that the hook ends",
      "LS032 leaksafe.watch.internal.OldObjects#delete", "only where deleting at once has failed");

  @TempDir Path folder;

  @Test
  void reports_what_is_bad_and_nothing_else() throws IOException {
    LintReport report = LeakLint.paths(FIXTURES).notes().scan();
    Map<String, String> expected = new TreeMap<>();
    for (String pair : """
        Growth#badList LS001, Growth#badMap LS002, Growth#badClasses LS003, Growth#badByHelper LS002, Growth#badByLambda LS002,
        Growth#badByGetter LS002, Growth#badCleaned LS004, Growth#badMethodReference LS001, Growth#badDespiteSearch LS001,
        Growth#badInConstructor LS002, Growth#badReasonless LS002, Instances#badShared LS005, Instances#badLocked LS005,
        Instances#badExecutor LS030, Instances#badPerInstance LS020, Instances#badNeverRemoved LS021, Instances#badWeakValue LS010,
        Instances#badWeakText LS011, Calls#badTemporaryFile LS032, Calls#badHook LS031, Calls#badCleaner LS033,
        Calls#badInnerCleaner LS033, Calls#badLease LS050, KeepsContext#badContext LS022, Finalizers$Bad#finalize LS034,
        Listeners$Forgets#badListener LS040, Lru#badOrdered LS006, Lru$BadLruMap LS006, Lru$BadSignature LS006,
        ThreadValues#badFirstValue LS021, ThreadValues#badNulled LS021, Instances#badLentExecutor LS030,
        Client#badFromFactory LS030, ClosedWithDaemons#badLeftBehind LS030, Daemons#badMeantToLast LS030, SetUp#badSeen LS005, ConcreteMissing#badAlone LS001, Annotated#badOtherPattern LS002, Suppressed#badOtherRule LS002,
        Suppressed#badUnmarked LS032,
        Doubts#badRegistered LS002, Doubts#badLookedUp LS002, Doubts#badFresh LS002, Doubts#badForTheLoader LS030, Doubts#badHandedIn LS005,
        Doubts#badOpened LS005, Doubts#badConnected LS005, Doubts#badOnClose LS005, Doubts#badHub LS040, Doubts$Net#finalize LS034, Bounds#badClassNames LS002, Bounds#badLoggers LS002, Bounds#badTexts LS002,
        Bounds#badFound LS002, Bounds#badNotFound LS002, Bounds#badRecomputed LS002, Bounds#badEmptied LS021, Bounds#badFilled LS021,
        Bounds#badAnswers LS010, Bounds#badBelowInit LS005, Bounds#badBelowAny LS005, Bounds#badMixed LS005, Bounds#badOnOpen LS005,
        Bounds#badWrapped LS040, Bounds#badTree LS005, Bounds$ReportWriter#badWritten LS005, Bounds$Session#badOfSession LS005, Bounds$Visit#badOfVisit LS005,
        Bounds$Files#badForStart LS032, Bounds$Files#badLibrary LS032, Bounds$Files#badDeleteOnExit LS032, Bounds$Files#badForEach LS032,
        Bounds$Flagged#finalize LS034, Removes#badAtEnd LS005, Removes#badUnasked LS005, Removes#badFutile LS005, Removes#badSwapped LS021,
        Removes#badLeft LS021, Removes#badFolder LS032, Unmanaged#badUnmanaged LS005, Unmanaged#badBelowLock LS005,
        Counted#badCounted LS002, Counted#badBoxed LS002, Counted#badByObject LS002, Counted#badAtomic LS002, Counted#badTimes LS002,
        Counted#badChanging LS002, Counted#badOfOther LS002, Counted$Service#badOwn LS005, beans.LonelyBean#badBean LS035, Beans#badBeside LS035, Beans#badShared LS035,
        ThreadValues#badSetsItself LS021, ThreadValues#badDropped LS020, Raw#badRaw LS010,
        Owners$Node#badOwn LS030, Owners$Piece#badForEach LS030, Owners$Pool#badNumber LS020, Owners#badSpans LS010, Owners$Flow#badEnded LS005,
        Owners$Statistics#badCounts LS005, ClosedAndTold#badToldForEver LS040, EndsItsSource#badEndsWithSource LS040""".split(",\\s*")) {
      expected.put(pair.split(" ")[0], pair.split(" ")[1]);
    }
    Map<String, String> found = report.findings().stream().collect(Collectors.toMap(
        finding -> finding.member().replace("leaksafe.lint.fixtures.", ""), Finding::rule, (a, b) -> a + "+" + b, TreeMap::new));
    assertThat(found).isEqualTo(expected);
    assertThat(report.warnings()).singleElement().asString().contains("badReasonless", "gives no reason");
  }

  /** For each rule code that resembles its fault and is sound; each is a field, method or class of the fixtures that no finding names. */
  private static final Map<String, String> SOUND = Map.ofEntries(Map.entry("LS001", "Growth#replaced"), Map.entry("LS002", "Growth#removed"),
      Map.entry("LS003", "Growth#weak"), Map.entry("LS004", "Growth#removedByHelper"), Map.entry("LS005", "Instances#sharedAndRemoved"),
      Map.entry("LS006", "Lru$LruCache"), Map.entry("LS010", "Raw#rawAndWeak"), Map.entry("LS011", "Removes#interned"),
      Map.entry("LS020", "ThreadValues#perInstanceAndRemoved"), Map.entry("LS021", "ThreadValues#removed"), Map.entry("LS022", "Contexts$Removed#work"),
      Map.entry("LS030", "Instances#endedExecutor"), Map.entry("LS031", "RemovesHookByHelper#open"), Map.entry("LS032", "Calls#main"),
      Map.entry("LS033", "Calls#cleaner"), Map.entry("LS034", "Finalizers$Forbidding#finalize"), Map.entry("LS035", "UnregistersByHelper#open"),
      Map.entry("LS040", "RemovesItsListener#open"), Map.entry("LS050", "Calls#closedLease"));

  @Test
  void every_rule_finds_its_fault_and_passes_sound_code_that_resembles_it() throws ClassNotFoundException {
    Set<String> ids = LeakLint.rules().stream().map(Rule::id).collect(Collectors.toSet());
    List<Finding> findings = LeakLint.paths(FIXTURES).notes().scan().findings();
    assertThat(findings).extracting(Finding::rule).containsAll(ids);
    assertThat(SOUND.keySet()).isEqualTo(ids);
    for (String sound : SOUND.values()) {
      String member = "leaksafe.lint.fixtures." + sound;
      Class<?> owner = Class.forName(member.replaceFirst("#.*", ""), false, LeakLintTest.class.getClassLoader());
      Stream<String> members = Stream.concat(Stream.of(owner.getDeclaredFields()).map(Field::getName), Stream.of(owner.getDeclaredMethods()).map(Method::getName));
      assertThat(members).as(member).anyMatch(name -> !sound.contains("#") || sound.endsWith("#" + name));
      assertThat(findings).extracting(Finding::member).doesNotContain(member);
    }
  }

  @Test
  void what_speaks_for_a_bound_makes_a_report_a_note_that_says_so() {
    Map<String, Finding> found = LeakLint.paths(FIXTURES).notes().scan().findings().stream()
        .filter(finding -> finding.member().contains(".Doubts"))
        .collect(Collectors.toMap(finding -> finding.member().replaceFirst(".*\\.Doubts", ""), finding -> finding));
    assertThat(found.get("#badFresh").severity()).isEqualTo(Severity.ERROR);
    assertThat(found.get("#badFresh").reason()).endsWith("each key is a new object that is equal to no other, so no entry is found again");
    Map<String, String> doubts = Map.of("#badRegistered", "only methods that set something up add to it",
        "#badLookedUp", "there can be no more entries than classes or resources of such names",
        "#badHandedIn", "all that it holds is handed in, so who calls decides how much",
        "#badOnClose", "all that it holds is handed in, so who calls decides how much",
        "#badForTheLoader", "it is one for each class loader, and may be meant to last as long");
    doubts.forEach((member, doubt) -> {
      assertThat(found.get(member).severity()).as(member).isEqualTo(Severity.INFO);
      assertThat(found.get(member).reason()).as(member).endsWith("; but " + doubt);
    });
    assertThat(found.get("#badConnected").severity()).as("what events hand in").isEqualTo(Severity.WARNING);
    assertThat(found.get("$Net#finalize").severity()).isEqualTo(Severity.INFO);
  }

  @Test
  void a_sign_of_a_bound_makes_a_note_and_what_only_looks_alike_does_not() {
    Map<String, Finding> found = LeakLint.paths(FIXTURES).notes().scan().findings().stream()
        .filter(finding -> finding.member().contains(".Bounds"))
        .collect(Collectors.toMap(finding -> finding.member().replaceFirst(".*\\.Bounds", ""), finding -> finding));
    Map<String, String> notes = Map.of("#badClassNames", "its keys are names of classes or loggers, and there are as many as the code has",
        "#badFound", "there can be no more entries than classes or resources of such names",
        "#badEmptied", "what is put into it is taken out again",
        "#badBelowInit", "only methods that set something up add to it",
        "#badMixed", "what adds to it sets something up, passes on what is handed in, or finds what there is by its name",
        "#badTree", "it is part of a tree or graph of its own kind, which ends as a whole",
        "$ReportWriter#badWritten", "its owner writes or reads one thing, and may end soon",
        "$Files#badForStart", "it is one path for each start",
        "$Files#badLibrary", "it is one path for each native library",
        "$Files#badDeleteOnExit", "who calls it asks for that");
    notes.forEach((member, doubt) -> {
      assertThat(found.get(member).severity()).as(member).isEqualTo(Severity.INFO);
      assertThat(found.get(member).reason()).as(member).endsWith("; but " + doubt);
    });
    assertThat(found.get("#badWrapped").severity()).isEqualTo(Severity.INFO);
    assertThat(found.get("#badLoggers").severity()).isEqualTo(Severity.INFO);
    assertThat(found.get("$Visit#badOfVisit").reason()).endsWith("its owner is made again and again, and may end soon");
    assertThat(found.get("$Flagged#finalize").severity()).isEqualTo(Severity.INFO);
    Map<String, Severity> alike = Map.of("#badTexts", Severity.ERROR, "#badNotFound", Severity.ERROR, "#badRecomputed", Severity.ERROR,
        "#badFilled", Severity.WARNING, "#badBelowAny", Severity.WARNING, "#badOnOpen", Severity.WARNING, "#badAnswers", Severity.ERROR,
        "$Session#badOfSession", Severity.WARNING, "$Files#badForEach", Severity.WARNING);
    alike.forEach((member, severity) -> assertThat(found.get(member).severity()).as(member).isEqualTo(severity));
  }

  @Test
  void what_removes_only_at_the_end_or_when_asked_makes_a_note_and_what_cannot_remove_does_not() {
    Map<String, Finding> found = LeakLint.paths(FIXTURES).notes().scan().findings().stream()
        .collect(Collectors.toMap(finding -> finding.member().replaceFirst("leaksafe.lint.fixtures.", ""), finding -> finding, (a, b) -> a));
    Map<String, String> notes = Map.of(
        "Removes#badAtEnd", "it is emptied when its owner ends: leaksafe.lint.fixtures.Removes.close",
        "Removes#badUnasked", "there are methods that remove, which users may call: leaksafe.lint.fixtures.Removes.forgetAll",
        "Removes#badFolder", "it is a folder, of which there are few",
        "Unmanaged#badUnmanaged", "nothing says how long its owner lives: no container keeps it, and it is not closed",
        "Unmanaged#badBelowLock", "only what calls the methods that add takes a lock");
    notes.forEach((member, doubt) -> {
      assertThat(found.get(member).severity()).as(member).isEqualTo(Severity.INFO);
      assertThat(found.get(member).reason()).as(member).endsWith("; but " + doubt);
    });
    assertThat(found.get("ClosedWithDaemons#badLeftBehind").severity()).isEqualTo(Severity.WARNING);
    assertThat(found.get("Daemons#badMeantToLast").severity()).isEqualTo(Severity.INFO);
    assertThat(found.get("Daemons#badMeantToLast").reason()).endsWith("; but its threads are daemons, and may be meant to last");
    assertThat(found.get("beans.LonelyBean#badBean").severity()).isEqualTo(Severity.WARNING);
    assertThat(found.get("Beans#badBeside").reason()).endsWith("; but another class of its package unregisters beans");
    assertThat(found.get("Beans#badShared").reason()).endsWith("; but it may be one for each class loader");
    assertThat(List.of(found.get("Beans#badBeside"), found.get("Beans#badShared"))).allMatch(finding -> finding.severity() == Severity.INFO);
    assertThat(found.get("Removes#badFutile").severity()).isEqualTo(Severity.WARNING);
    assertThat(found.get("Removes#badSwapped").severity()).isEqualTo(Severity.INFO);
    assertThat(found.get("Removes#badLeft").severity()).isEqualTo(Severity.INFO);
  }

  @Test
  void a_key_that_is_counted_has_no_end_and_one_of_a_few_numbers_has() {
    Map<String, Severity> found = LeakLint.paths(FIXTURES).notes().scan().findings().stream()
        .filter(finding -> finding.member().contains(".Counted"))
        .collect(Collectors.toMap(finding -> finding.member().replaceFirst(".*\\.Counted", ""), Finding::severity));
    assertThat(found).isEqualTo(Map.of("#badCounted", Severity.ERROR, "#badBoxed", Severity.ERROR, "#badByObject", Severity.ERROR,
        "#badAtomic", Severity.ERROR, "#badTimes", Severity.ERROR, "#badChanging", Severity.WARNING, "#badOfOther", Severity.WARNING,
        "$Service#badOwn", Severity.WARNING));
  }

  @Test
  void a_report_names_the_line_the_type_and_the_cure() {
    Finding finding = LeakLint.paths(FIXTURES).notes().scan().findings().stream()
        .filter(each -> each.member().endsWith("#badClasses")).findFirst().orElseThrow();
    assertThat(finding.toString()).matches("LS003 WARNING leaksafe\\.lint\\.fixtures\\.Growth#badClasses: Map<Class<\\?>, String>; "
        + "leaksafe\\.lint\\.fixtures\\.Growth\\.add\\(Growth\\.java:\\d+\\); nothing removes .*; use a leaksafe\\.registry\\.WeakRegistry.*");
  }

  @Test
  void a_report_about_a_field_names_the_line_that_makes_it() {
    assertThat(LeakLint.paths(FIXTURES).notes().scan().findings()).filteredOn(each -> each.member().endsWith("#badPerInstance"))
        .singleElement().satisfies(each -> assertThat(each.sites().get(0).line()).isPositive());
  }

  @Test
  void two_runs_say_the_same_in_the_same_order() {
    LintReport first = LeakLint.paths(FIXTURES).notes().scan();
    assertThat(LeakLint.paths(FIXTURES).notes().scan()).isEqualTo(first);
    assertThat(first.findings()).isSorted();
  }

  @Test
  void kotlin_classes_are_read_like_others() {
    Path jar = Path.of("src/test/resources/leaksafe/lint/kotlin/kotlin-fixture.jar");
    LintReport report = LeakLint.paths(jar).scan();
    assertThat(report.findings()).extracting(finding -> finding.rule() + " " + finding.member().replace("leaksafe.lint.kotlin.", ""))
        .containsExactlyInAnyOrder("LS001 Sessions#badEvents", "LS002 Sessions#badByName", "LS002 FixtureKt#badTopLevel",
            "LS002 Users#badShared", "LS010 Users#badWeak", "LS021 Users#badLocal");
    assertThat(report.warnings()).isEmpty();
  }

  @Test
  void a_baseline_silences_what_it_names_and_warns_of_stale_lines() throws IOException {
    Path file = folder.resolve("baseline.txt");
    LintReport report = LeakLint.paths(FIXTURES).notes().scan();
    LeakLint.writeBaseline(report, file);
    Files.writeString(file, Files.readString(file) + "LS001 com.acme.Gone#list\n");
    LintReport again = LeakLint.paths(FIXTURES).baseline(file).scan();
    assertThat(again.findings()).isEmpty();
    assertThat(again.warnings()).anyMatch(warning -> warning.contains("LS001 com.acme.Gone#list") && warning.contains("not found any more"));
  }

  @Test
  void the_assertion_fails_on_errors_by_default_and_on_warnings_in_strict_mode() {
    assertThatThrownBy(() -> LeakLint.packages("leaksafe.lint.fixtures").assertClean()).isInstanceOf(AssertionError.class)
        .hasMessage("no class was found under [leaksafe.lint.fixtures]: give packages of the class path of this JVM by their full names, "
            + "such as \"com.acme\", and compile them first");
    assertThatThrownBy(() -> LeakLint.paths(folder).assertClean()).isInstanceOf(AssertionError.class).hasMessage("no class was found under ["
        + folder + "]: compile first, and name directories or jars that hold class files, such as target/classes; " + folder + ": holds no class files");
    assertThatThrownBy(() -> LeakLint.paths(FIXTURES).assertClean()).isInstanceOf(AssertionError.class)
        .hasMessageContaining("LS001 ERROR").hasMessageNotContaining("WARNING");
    assertThatThrownBy(() -> LeakLint.paths(FIXTURES).strict().assertClean()).hasMessageContaining("LS003 WARNING");
  }

  @Test
  void the_project_is_clean_by_its_own_rules() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      Path[] classes = modules.map(module -> module.resolve("target/classes")).filter(Files::isDirectory).sorted().toArray(Path[]::new);
      assertThat(classes).isNotEmpty();
      LeakLint.paths(classes).assertClean();
      LintReport report = LeakLint.paths(classes).minimumSeverity(Severity.WARNING).scan();
      assertThat(report.findings().stream().map(Finding::fingerprint)).isSubsetOf(MEANT.keySet());
      assertThat(report.warnings()).noneMatch(warning -> warning.contains("gives no reason"));
    }
  }

  @Test
  void class_files_of_jdk_8_to_25_are_read_alike() throws IOException {
    byte[] bytes = Files.readAllBytes(FIXTURES.resolve("Growth.class"));
    Path file = folder.resolve("Growth.class");
    List<Finding> expected = LeakLint.paths(FIXTURES.resolve("Growth.class")).scan().findings();
    assertThat(expected).isNotEmpty();
    for (int jdk = 8; jdk <= 25; jdk++) {
      bytes[7] = (byte) (44 + jdk);
      Files.write(file, bytes);
      assertThat(LeakLint.paths(file).scan().findings()).as("JDK %d", jdk).isEqualTo(expected);
    }
  }

  @Test
  void every_rule_has_a_page_with_its_four_parts() {
    assertThat(new TreeSet<>(LeakLint.rules().stream().map(Rule::id).toList())).hasSameSizeAs(LeakLint.rules()).hasSize(19);
    assertThat(LeakLint.rules()).allSatisfy(rule -> assertThat(rule.page()).startsWith("# " + rule.id())
        .contains("## What it finds", "## Why it leaks", "## How to fix it", "## What it cannot see"));
  }

  @Test
  void the_command_line_explains_itself_and_its_exit_code_says_what_it_found() throws IOException {
    assertThat(command(0, "--explain", "LS010")).startsWith("# LS010");
    assertThat(command(1, FIXTURES.toString())).contains("LS001 ERROR");
    assertThat(command(2)).contains("no directory or jar was given");
    assertThat(command(2, "--format", "xml", FIXTURES.toString())).contains("must be text, json, sarif or html, but was xml");
    assertThat(command(2, "--frob")).contains("unknown option --frob");
    assertThat(command(2, "--without", "LS999", FIXTURES.toString())).contains("there is no rule LS999");
    Path baseline = folder.resolve("accepted.txt");
    command(0, "--baseline", baseline.toString(), "--update-baseline", FIXTURES.toString());
    assertThat(command(0, "--baseline", baseline.toString(), FIXTURES.toString())).contains("0 findings");
    assertThat(command(1, "--format", "html", FIXTURES.toString())).contains("Map&lt;String, ").doesNotContain("<String>");
  }

  @Test
  void a_path_that_does_not_exist_is_bad_use_and_named_in_one_line() throws IOException {
    String nowhere = folder.resolve("nowhere").toString();
    String end = System.lineSeparator();
    assertThat(command(2, FIXTURES.toString(), nowhere)).isEqualTo(nowhere + ": there is no such directory or jar" + end);
    assertThat(command(2, "--context", nowhere, FIXTURES.toString()))
        .isEqualTo(nowhere + ": there is no such directory or jar for --context" + end);
    assertThat(command(2, "--settings", nowhere, FIXTURES.toString())).isEqualTo("settings cannot be read: " + nowhere + end);
    assertThat(command(2, "--baseline", nowhere, FIXTURES.toString()))
        .isEqualTo(nowhere + ": there is no such file for --baseline; --update-baseline writes it" + end);
    command(0, "--baseline", nowhere, "--update-baseline", FIXTURES.toString());
    assertThat(command(0, "--baseline", nowhere, FIXTURES.toString())).contains("0 findings");
  }

  @Test
  void a_path_that_does_not_exist_is_an_error_beside_good_ones_too() {
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> LeakLint.paths(FIXTURES, nowhere).assertClean()).isInstanceOf(UncheckedIOException.class)
        .hasMessage(nowhere + ": there is no such directory or jar").hasCauseInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> LeakLint.paths(FIXTURES).context(nowhere).scan()).isInstanceOf(UncheckedIOException.class)
        .hasMessage(nowhere + ": there is no such directory or jar for context");
  }

  @Test
  void notes_are_reported_only_if_asked_for() {
    assertThat(LeakLint.paths(FIXTURES).scan().findings()).isNotEmpty().noneMatch(finding -> finding.severity() == Severity.INFO);
    LintReport notes = LeakLint.paths(FIXTURES).notes().scan();
    assertThat(notes.findings()).anyMatch(finding -> finding.severity() == Severity.INFO);
    assertThat(notes.atLeast(Severity.WARNING)).isEqualTo(LeakLint.paths(FIXTURES).scan().findings());
  }

  @Test
  void a_minimum_severity_hides_what_is_less_severe_in_every_form() {
    Map<String, String> marks = Map.of("text", "LS... %s ", "json", "\"severity\":\"%s\"", "sarif", "\"level\":\"%s\"", "html", "class=\"%s\"");
    marks.forEach((format, mark) -> {
      for (Severity minimum : Severity.values()) {
        String report = command(1, "--format", format, "--minimum-severity", minimum.name().toLowerCase(Locale.ROOT), FIXTURES.toString());
        for (Severity severity : Severity.values()) {
          String name = format.equals("sarif") ? Map.of("ERROR", "error", "WARNING", "warning", "INFO", "note").get(severity.name()) : severity.name();
          assertThat(Pattern.compile(mark.formatted(name)).matcher(report).find()).as("%s in %s from %s", severity, format, minimum)
              .isEqualTo(severity.compareTo(minimum) <= 0);
        }
      }
    });
    assertThat(command(1, FIXTURES.toString())).isEqualTo(command(1, "--minimum-severity", "warning", FIXTURES.toString()));
    assertThat(command(1, "--notes", FIXTURES.toString())).isEqualTo(command(1, "--minimum-severity", "INFO", FIXTURES.toString()))
        .contains("LS040 INFO");
  }

  @Test
  void hidden_notes_do_not_make_a_baseline_stale() {
    Path file = folder.resolve("baseline.txt");
    LeakLint.writeBaseline(LeakLint.paths(FIXTURES).notes().scan(), file);
    LintReport report = LeakLint.paths(FIXTURES).baseline(file).minimumSeverity(Severity.WARNING).scan();
    assertThat(report.findings()).isEmpty();
    assertThat(report.warnings()).noneMatch(warning -> warning.contains("not found any more"));
  }

  @Test
  void a_minimum_severity_that_is_none_or_hides_what_strict_fails_on_is_refused() {
    assertThat(command(2, "--minimum-severity", "note", FIXTURES.toString()))
        .startsWith("--minimum-severity: a severity must be error, warning or info, but was note\n");
    String contradiction = "a minimum severity of ERROR hides what strict fails on: leave one of them out";
    assertThat(command(2, "--strict", "--minimum-severity", "error", FIXTURES.toString())).startsWith(contradiction);
    LeakLint strict = LeakLint.paths(FIXTURES).strict();
    assertThatThrownBy(() -> strict.minimumSeverity(Severity.ERROR)).isInstanceOf(IllegalArgumentException.class).hasMessage(contradiction);
    assertThatThrownBy(() -> strict.minimumSeverity(Severity.WARNING).assertClean()).hasMessageContaining("LS003 WARNING");
    assertThatThrownBy(() -> LeakLint.paths(FIXTURES).minimumSeverity(Severity.ERROR).assertClean()).hasMessageContaining("LS001 ERROR");
  }

  private static String command(int exit, String... args) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertThat(LintCommand.run(args, out, out)).isEqualTo(exit);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
