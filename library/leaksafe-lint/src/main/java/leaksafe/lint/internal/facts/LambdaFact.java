package leaksafe.lint.internal.facts;

import java.util.List;

/**
 * A lambda or method reference.
 *
 * @param implementation the method that runs
 * @param captures the origins of what it captured, in the order of the implementation's leading arguments
 * @param escapes it is stored in a field or returned, so it can run long after the method that made it
 */
public record LambdaFact(MethodRef implementation, boolean isStatic, List<int[]> captures, int line, boolean escapes) {}
