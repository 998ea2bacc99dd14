package leaksafe.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import leaksafe.cache.Cache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small project that depends on the built library compiles and runs on the module path and on the class path. */
class ModulePathTest {
  private static final String PROGRAM = """
      package acme;

      import leaksafe.cache.Cache;
      import leaksafe.census.Census;
      import leaksafe.event.EventBus;
      import leaksafe.registry.WeakRegistry;

      public class Program {
        public static void main(String[] args) {
          Cache<Integer, String> cache = Cache.<Integer, String>builder().maximumSize(10).build();
          for (int i = 0; i < 100; i++) {
            cache.get(i, key -> "value " + key);
          }
          Object key = new Object();
          WeakRegistry<Object, String> registry = WeakRegistry.<Object, String>builder().name("r").build();
          registry.put(key, "registered");
          StringBuilder heard = new StringBuilder();
          EventBus bus = EventBus.create();
          bus.subscribe(heard, String.class, StringBuilder::append);
          bus.publish("event");
          if (Census.snapshot().entries().size() != 3) {
            throw new AssertionError(Census.snapshot().toText());
          }
          System.out.println(cache.estimatedSize() + " " + registry.get(key) + " " + heard + " " + Program.class.getModule().isNamed());
        }
      }
      """;

  private static final String VIEW = """
      package acme;

      import leaksafe.event.EventBus;

      public class View {
        int seen;

        public static void main(String[] args) {
          EventBus bus = EventBus.create();
          View view = new View();
          try {
            bus.listen(view, String.class, event -> view.seen++);
            bus.publish("event");
            System.out.println(view.seen);
          } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
          }
        }
      }
      """;

  private static final String CART = """
      package acme;

      import leaksafe.registry.WeakRegistry;

      public class Cart {
        final Object session;

        Cart(Object session) {
          this.session = session;
        }

        record Label(String text, int size) {}

        public static void main(String[] args) {
          WeakRegistry<Object, Object> carts = WeakRegistry.builder().name("carts").failureListener(failure -> System.out.println(failure.cause()))
              .build();
          Object session = new Object();
          carts.put(new Object(), new Label("nothing can be reached from here", 1));
          try {
            carts.put(session, new Cart(session));
            carts.put(session, new Cart(session));
          } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
          }
        }
      }
      """;

  @TempDir
  Path folder;

  @Test
  void a_handler_of_a_named_module_that_captures_its_owner_is_bound_anew_if_the_package_is_open() throws Exception {
    assertThat(view("module acme { requires leaksafe; opens acme to leaksafe; }")).isEqualTo("1");
  }

  @Test
  void a_handler_of_a_named_module_that_is_closed_is_refused_with_the_cure() throws Exception {
    assertThat(view("module acme { requires leaksafe; }")).startsWith("handler cannot be looked into (field arg$1 of acme.View$$Lambda")
        .contains("open acme to the module leaksafe, or write View::method");
  }

  @Test
  void a_value_that_keeps_its_key_is_refused_if_the_package_is_open() throws Exception {
    assertThat(run("Cart", CART, "module acme { requires leaksafe; opens acme to leaksafe; }")).startsWith("carts: the value reaches its key (Cart.session)");
  }

  @Test
  void that_values_of_a_module_that_is_closed_are_not_checked_is_told_once_with_the_cure() throws Exception {
    assertThat(run("Cart", CART, "module acme { requires leaksafe; }")).isEqualTo("java.lang.IllegalStateException: carts: whether a value keeps its key "
        + "is not checked, for field session of acme.Cart is closed; open acme to the module leaksafe, let the keys implement Attachable, or say "
        + "onCycle(CyclePolicy.ALLOW)");
  }

  private String view(String module) throws Exception {
    return run("View", VIEW, module);
  }

  private String run(String main, String program, String module) throws Exception {
    source("module-info.java", module);
    source("acme/" + main + ".java", program);
    String path = libraries();
    compile("--module-path", path);
    return java("--module-path", folder.resolve("out") + File.pathSeparator + path, "-m", "acme/acme." + main);
  }

  @Test
  void on_the_module_path() throws Exception {
    source("module-info.java", "module acme { requires leaksafe; }");
    source("acme/Program.java", PROGRAM);
    String path = libraries();
    compile("--module-path", path);
    assertThat(java("--module-path", folder.resolve("out") + File.pathSeparator + path, "-m", "acme/acme.Program"))
        .isEqualTo("10 registered event true");
  }

  @Test
  void on_the_class_path() throws Exception {
    source("acme/Program.java", PROGRAM);
    String path = libraries();
    compile("-classpath", path);
    assertThat(java("-classpath", folder.resolve("out") + File.pathSeparator + path, "acme.Program"))
        .isEqualTo("10 registered event false");
  }

  @Test
  void without_the_modules_that_are_optional() throws Exception {
    source("acme/Program.java", PROGRAM);
    String path = libraries();
    compile("-classpath", path);
    assertThat(java("--limit-modules", "java.base", "-classpath", folder.resolve("out") + File.pathSeparator + path, "acme.Program"))
        .isEqualTo("10 registered event false");
  }

  /** The library as built, and the annotations that it was compiled with. */
  private static String libraries() throws Exception {
    Path library = Path.of(Cache.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String annotations = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.contains("jspecify")).collect(Collectors.joining(File.pathSeparator));
    return library + File.pathSeparator + annotations;
  }

  private void source(String name, String text) throws IOException {
    Path file = folder.resolve("src").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void compile(String option, String path) throws IOException {
    List<String> sources;
    try (var files = Files.walk(folder.resolve("src"))) {
      sources = files.filter(Files::isRegularFile).map(Path::toString).toList();
    }
    String[] args = java.util.stream.Stream.concat(
        java.util.stream.Stream.of(option, path, "-d", folder.resolve("out").toString(), "-Xlint:all", "-Werror"), sources.stream())
        .toArray(String[]::new);
    assertThat(ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, args)).isZero();
  }

  private String java(String... args) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
