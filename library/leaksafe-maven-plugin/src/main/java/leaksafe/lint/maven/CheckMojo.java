package leaksafe.lint.maven;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import leaksafe.lint.Finding;
import leaksafe.lint.LeakLint;
import leaksafe.lint.LintReport;
import leaksafe.lint.Severity;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/** Fails the build on leak patterns in the classes of the module; what the module depends on is context. */
@Mojo(name = "check", defaultPhase = LifecyclePhase.VERIFY, requiresDependencyResolution = ResolutionScope.COMPILE, threadSafe = true)
public final class CheckMojo extends AbstractMojo {

  private static final String BASELINE = "leaksafe-lint-baseline.txt";

  /** The classes to look at: a directory or jar. One that is named and is not there fails the build; a module without classes passes. */
  @Parameter(property = "leaksafe.classes", defaultValue = "${project.build.outputDirectory}", required = true)
  private @Nullable File classes;

  /** Where the classes are unless others are named. */
  @Parameter(defaultValue = "${project.build.outputDirectory}", readonly = true)
  private @Nullable File outputDirectory;

  /** What the module is packed as: one packed as pom has no classes. */
  @Parameter(defaultValue = "${project.packaging}", readonly = true)
  private String packaging = "jar";

  /** The module's directory. */
  @Parameter(defaultValue = "${project.basedir}", readonly = true)
  private @Nullable File basedir;

  /** What is followed and not reported. */
  @Parameter(defaultValue = "${project.compileClasspathElements}", readonly = true)
  private List<String> classPath = List.of();

  /** Whether what the module depends on is followed too. */
  @Parameter(property = "leaksafe.context", defaultValue = "true")
  private boolean context = true;

  /** Whether warnings fail the build too. */
  @Parameter(property = "leaksafe.strict", defaultValue = "false")
  private boolean strict;

  /** What is less severe is left out of the log and of the reports: error, warning or info, which adds notes. */
  @Parameter(property = "leaksafe.minimumSeverity", defaultValue = "warning")
  private String minimumSeverity = "warning";

  /** Whether to leave it out. */
  @Parameter(property = "leaksafe.skip", defaultValue = "false")
  private boolean skip;

  /** Rules to leave out, by number. */
  @Parameter(property = "leaksafe.without")
  private List<String> without = List.of();

  /** What not to report: one {@code rule member} a line. The default is left out if there is no such file; another must exist. */
  @Parameter(property = "leaksafe.baseline", defaultValue = "${project.basedir}/" + BASELINE)
  private @Nullable File baseline;

  /** Accepts all that there is now: writes the baseline anew, and fails on nothing. */
  @Parameter(property = "leaksafe.updateBaseline", defaultValue = "false")
  private boolean updateBaseline;

  /** More removal methods, bounded types and small key domains, as a properties file. */
  @Parameter(property = "leaksafe.settings")
  private @Nullable File settings;

  /** Writes the report as a page there. */
  @Parameter(property = "leaksafe.html")
  private @Nullable File html;

  /** Writes the report in JSON there. */
  @Parameter(property = "leaksafe.json")
  private @Nullable File json;

  /** Writes the report in SARIF there. */
  @Parameter(property = "leaksafe.sarif")
  private @Nullable File sarif;

  /** Where to keep what was learnt of each class file, so that the next build reads only what changed. Nothing is kept if not given. */
  @Parameter(property = "leaksafe.cache")
  private @Nullable File cache;

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    if (skip || classes == null || !classes.exists()) {
      if (!skip && !packaging.equals("pom") && classes != null && !classes.equals(outputDirectory)) {
        throw new MojoExecutionException("leaksafe.classes: there is no directory or jar " + classes);
      }
      getLog().info(skip ? "skipped" : "no classes to look at in " + classes);
      return;
    }
    LintReport report;
    try {
      report = scan(classes.toPath());
      write(report.json(), json);
      write(report.sarif(), sarif);
      write(report.html(), html);
      if (updateBaseline) {
        accept(report);
        return;
      }
    } catch (IllegalArgumentException | UncheckedIOException | IOException e) {
      throw new MojoExecutionException(e.getMessage(), e);
    }
    report.warnings().forEach(getLog()::warn);
    for (Finding finding : report.findings()) {
      switch (finding.severity()) {
        case ERROR -> getLog().error(finding.toString());
        case WARNING -> getLog().warn(finding.toString());
        case INFO -> getLog().info(finding.toString());
      }
    }
    int failures = report.atLeast(strict ? Severity.WARNING : Severity.ERROR).size();
    if (failures > 0) {
      throw new MojoFailureException(failures + " leak patterns in " + classes + ": each is named above, with its cure");
    }
  }

  private void accept(LintReport report) throws IOException {
    if (baseline == null) {
      throw new IllegalArgumentException("leaksafe.updateBaseline needs leaksafe.baseline, the file to write");
    }
    Files.createDirectories(baseline.getAbsoluteFile().toPath().getParent());
    LeakLint.writeBaseline(report, baseline.toPath());
    getLog().info(baseline + " accepts " + report.findings().size() + " findings now");
  }

  private static void write(String report, @Nullable File file) throws IOException {
    if (file != null) {
      Files.createDirectories(file.getAbsoluteFile().toPath().getParent());
      Files.writeString(file.toPath(), report);
    }
  }

  private Severity minimum() {
    try {
      return Severity.of(minimumSeverity);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("leaksafe.minimumSeverity: " + e.getMessage(), e);
    }
  }

  private LintReport scan(Path target) {
    LeakLint lint = LeakLint.paths(target).without(without.toArray(String[]::new)).minimumSeverity(minimum());
    if (context) {
      lint.context(classPath.stream().map(Path::of).filter(path -> Files.exists(path) && !path.equals(target)).toArray(Path[]::new));
    }
    if (baseline != null && !updateBaseline) {
      if (baseline.isFile()) {
        lint.baseline(baseline.toPath());
      } else if (!baseline.equals(new File(basedir, BASELINE))) {
        throw new IllegalArgumentException("leaksafe.baseline: there is no file " + baseline + "; leaksafe.updateBaseline writes it");
      }
    }
    if (strict) {
      lint.strict();
    }
    if (settings != null) {
      lint.settings(settings.toPath());
    }
    if (cache != null) {
      lint.cache(cache.toPath());
    }
    return lint.scan();
  }
}
