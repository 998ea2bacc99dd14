package leaksafe.lint.internal.facts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one class file says.
 *
 * @param name the internal name
 * @param host the internal name of the outermost class that it is nested in; its own if it is not nested
 */
public record ClassFacts(String name, @Nullable String superName, List<String> interfaces, int access, @Nullable String signature,
    @Nullable String sourceFile, String host, List<FieldFacts> fields, List<MethodFacts> methods, List<String> annotations,
    List<Suppression> suppressions) {}
