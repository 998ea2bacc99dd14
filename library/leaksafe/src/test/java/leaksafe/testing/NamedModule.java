package leaksafe.testing;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;

/** Compiles a class of a named module that opens no package, and loads it, with the library and the tests in the unnamed module beside it. */
public final class NamedModule {
  private NamedModule() {}

  /**
   * Returns an object of the class {@code acme.Program} of the module {@code acme}.
   *
   * @param folder an empty folder
   * @param source of the class, which has a public constructor without parameters
   */
  public static Object program(Path folder, String source) throws IOException, ReflectiveOperationException {
    Path file = Files.createDirectories(folder.resolve("src/acme")).resolve("Program.java");
    Path module = folder.resolve("src/module-info.java");
    Path out = folder.resolve("out");
    Files.writeString(file, source);
    Files.writeString(module, "module acme { exports acme; }");
    int failed = ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "-d", out.toString(), "-classpath",
        System.getProperty("java.class.path"), "--add-reads", "acme=ALL-UNNAMED", file.toString(), module.toString());
    if (failed != 0) {
      throw new AssertionError("the program does not compile");
    }
    ClassLoader ours = NamedModule.class.getClassLoader();
    Configuration configuration = ModuleLayer.boot().configuration().resolve(ModuleFinder.of(out), ModuleFinder.of(), Set.of("acme"));
    ModuleLayer.Controller layer = ModuleLayer.defineModulesWithOneLoader(configuration, List.of(ModuleLayer.boot()), ours);
    layer.addReads(layer.layer().findModule("acme").orElseThrow(), ours.getUnnamedModule());
    Class<?> program = layer.layer().findLoader("acme").loadClass("acme.Program");
    if (!program.getModule().isNamed() || program.getModule().isOpen("acme", ours.getUnnamedModule())) {
      throw new AssertionError("not what it is for");
    }
    return program.getConstructor().newInstance();
  }
}
