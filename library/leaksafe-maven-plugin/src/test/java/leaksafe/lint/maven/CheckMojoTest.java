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

  @TempDir File folder;

  @Test
  void the_build_fails_on_an_error_unless_the_baseline_accepts_it() throws Exception {
    Leaky.see("once");
    copy(Leaky.class);
    CheckMojo mojo = new CheckMojo();
    set(mojo, "classes", folder);
    File sarif = new File(folder, "report.sarif");
    set(mojo, "sarif", sarif);
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoFailureException.class).hasMessageContaining("1 leak patterns");
    assertThat(sarif).content().contains("CheckMojoTest$Leaky#SEEN");

    File baseline = new File(folder, "baseline.txt");
    Files.writeString(baseline.toPath(), "LS001 " + Leaky.class.getName() + "#SEEN\n");
    set(mojo, "baseline", baseline);
    assertThatCode(mojo::execute).doesNotThrowAnyException();
  }

  @Test
  void wrong_settings_are_named_and_a_module_without_classes_passes() throws Exception {
    CheckMojo mojo = new CheckMojo();
    set(mojo, "classes", new File(folder, "absent"));
    assertThatCode(mojo::execute).doesNotThrowAnyException();
    set(mojo, "classes", folder);
    set(mojo, "without", List.of("LS999"));
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoExecutionException.class).hasMessageContaining("there is no rule LS999");
  }

  @Test
  void a_minimum_severity_hides_warnings_and_notes_from_the_report() throws Exception {
    copy(Net.class);
    CheckMojo mojo = new CheckMojo();
    set(mojo, "classes", folder);
    File sarif = new File(folder, "report.sarif");
    set(mojo, "sarif", sarif);
    mojo.execute();
    assertThat(sarif).content().contains("CheckMojoTest$Net#finalize", "\"level\":\"note\"");
    set(mojo, "minimumSeverity", "Warning");
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
  void settings_count_and_reports_go_into_folders_that_are_not_there_yet() throws Exception {
    copy(Leaky.class);
    CheckMojo mojo = new CheckMojo();
    set(mojo, "classes", folder);
    File html = new File(folder, "reports/lint.html");
    set(mojo, "html", html);
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoFailureException.class);
    assertThat(html).content().startsWith("<!DOCTYPE html>").contains("CheckMojoTest$Leaky#SEEN");

    File settings = new File(folder, "lint.properties");
    set(mojo, "settings", settings);
    assertThatThrownBy(mojo::execute).isInstanceOf(MojoExecutionException.class).hasMessage("settings cannot be read: " + settings);
    Files.writeString(settings.toPath(), "bounded.types = " + ArrayList.class.getName());
    mojo.execute();
    assertThat(html).content().contains("0 findings");
  }

  private void copy(Class<?> type) throws IOException {
    String file = type.getName().replace('.', '/') + ".class";
    Path target = folder.toPath().resolve(file);
    Files.createDirectories(target.getParent());
    Files.copy(Path.of("target/test-classes", file), target);
  }

  private static void set(CheckMojo mojo, String name, Object value) throws ReflectiveOperationException {
    var field = CheckMojo.class.getDeclaredField(name);
    field.setAccessible(true);
    field.set(mojo, value);
  }
}
