package leaksafe.lint.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckMojoTest {
  private static final class Leaky {
    private static final List<String> SEEN = new ArrayList<>();

    static void see(String what) {
      SEEN.add(what);
    }
  }

  /** Can be closed, so that its finalizer is only a note. */
  private static final class Net implements AutoCloseable {
    @Override
    public void close() {}

    @Override
    @SuppressWarnings({"deprecation", "removal"})
    protected void finalize() {
      close();
    }
  }

  /** Keeps the warnings. */
  private static final class Warnings extends SystemStreamLog {
    private final List<String> warned = new ArrayList<>();

    @Override
    public void warn(CharSequence text) {
      warned.add(text.toString());
    }
  }

  @TempDir File folder;

  @Test
  void the_build_fails_on_an_error_unless_the_baseline_accepts_it() throws Exception {
    Leaky.see("once");
    CheckMojo mojo = over(Leaky.class);
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoFailureException.class).hasMessageContaining("1 leak patterns");

    Files.writeString(file(mojo, "baseline", "baseline.txt").toPath(), "LS001 " + Leaky.class.getName() + "#SEEN\n");
    assertThatCode(mojo::execute).doesNotThrowAnyException();
  }

  @Test
  void the_baseline_is_written_on_demand_and_a_stale_line_of_it_warns() throws Exception {
    CheckMojo mojo = over(Leaky.class);
    set(mojo, "updateBaseline", true);
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoExecutionException.class)
        .hasMessage("leaksafe.updateBaseline needs leaksafe.baseline, the file to write");
    File baseline = file(mojo, "baseline", "lint/baseline.txt");
    mojo.execute();
    assertThat(baseline).hasContent("LS001 " + Leaky.class.getName() + "#SEEN");

    set(mojo, "updateBaseline", false);
    mojo.execute();
    Files.writeString(baseline.toPath(), Files.readString(baseline.toPath()) + "LS002 gone.Away#field\n");
    Warnings log = new Warnings();
    mojo.setLog(log);
    mojo.execute();
    assertThat(log.warned).containsExactly(baseline + ": \"LS002 gone.Away#field\" is not found any more; delete the line");
  }

  @Test
  void each_form_of_the_report_goes_into_folders_that_are_not_there_yet() throws Exception {
    CheckMojo mojo = over(Leaky.class);
    File html = file(mojo, "html", "pages/lint.html");
    File sarif = file(mojo, "sarif", "sarif/lint.sarif");
    File json = file(mojo, "json", "json/lint.json");
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoFailureException.class);
    assertThat(html).content().startsWith("<!DOCTYPE html>").contains("CheckMojoTest$Leaky#SEEN");
    assertThat(sarif).content().contains("\"2.1.0\"", "CheckMojoTest$Leaky#SEEN");
    assertThat(json).content().startsWith("{").contains("\"LS001\"", "CheckMojoTest$Leaky#SEEN");
  }

  @Test
  void classes_that_are_named_must_exist_and_a_module_without_classes_passes() throws Exception {
    CheckMojo mojo = over();
    File absent = file(mojo, "classes", "absent");
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoExecutionException.class)
        .hasMessage("leaksafe.classes: there is no directory or jar " + absent);
    set(mojo, "packaging", "pom");
    assertThatCode(mojo::execute).doesNotThrowAnyException();
    set(mojo, "packaging", "jar");
    set(mojo, "outputDirectory", absent);
    assertThatCode(mojo::execute).doesNotThrowAnyException();
  }

  @Test
  void a_baseline_that_is_named_must_exist_and_the_default_need_not() throws Exception {
    CheckMojo mojo = over(Net.class);
    set(mojo, "basedir", folder);
    file(mojo, "baseline", "leaksafe-lint-baseline.txt");
    assertThatCode(mojo::execute).doesNotThrowAnyException();
    File named = file(mojo, "baseline", "named.txt");
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoExecutionException.class)
        .hasMessage("leaksafe.baseline: there is no file " + named + "; leaksafe.updateBaseline writes it");
    set(mojo, "updateBaseline", true);
    mojo.execute();
    set(mojo, "updateBaseline", false);
    assertThatCode(mojo::execute).doesNotThrowAnyException();
  }

  @Test
  void wrong_settings_are_named() throws Exception {
    CheckMojo mojo = over();
    set(mojo, "classes", folder);
    set(mojo, "without", List.of("LS999"));
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoExecutionException.class).hasMessageContaining("there is no rule LS999");
  }

  @Test
  void a_minimum_severity_hides_warnings_and_notes_from_the_report() throws Exception {
    CheckMojo mojo = over(Net.class);
    File sarif = file(mojo, "sarif", "report.sarif");
    set(mojo, "minimumSeverity", "Info");
    mojo.execute();
    assertThat(sarif).content().contains("CheckMojoTest$Net#finalize", "\"level\":\"note\"");
    set(mojo, "minimumSeverity", "warning");
    mojo.execute();
    assertThat(sarif).content().doesNotContain("CheckMojoTest$Net#finalize");
    set(mojo, "minimumSeverity", "loud");
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoExecutionException.class)
        .hasMessage("leaksafe.minimumSeverity: a severity must be error, warning or info, but was loud");
    set(mojo, "minimumSeverity", "error");
    set(mojo, "strict", true);
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoExecutionException.class).hasMessageContaining("hides what strict fails on");
  }

  @Test
  void settings_count() throws Exception {
    CheckMojo mojo = over(Leaky.class);
    File settings = file(mojo, "settings", "lint.properties");
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoExecutionException.class).hasMessage("settings cannot be read: " + settings);
    Files.writeString(settings.toPath(), "bounded.types = " + ArrayList.class.getName());
    assertThatCode(mojo::execute).doesNotThrowAnyException();
  }

  /** Returns a goal over copies of some classes. */
  private CheckMojo over(Class<?>... types) throws IOException, ReflectiveOperationException {
    for (Class<?> type : types) {
      String file = type.getName().replace('.', '/') + ".class";
      Path target = folder.toPath().resolve(file);
      Files.createDirectories(target.getParent());
      Files.copy(Path.of("target/test-classes", file), target);
    }
    CheckMojo mojo = new CheckMojo();
    set(mojo, "classes", folder);
    return mojo;
  }

  /** Sets a parameter to a file of the folder, which this does not make. */
  private File file(CheckMojo mojo, String parameter, String name) throws ReflectiveOperationException {
    File file = new File(folder, name);
    set(mojo, parameter, file);
    return file;
  }

  private static void set(CheckMojo mojo, String name, Object value) throws ReflectiveOperationException {
    var field = CheckMojo.class.getDeclaredField(name);
    field.setAccessible(true);
    field.set(mojo, value);
  }
}
