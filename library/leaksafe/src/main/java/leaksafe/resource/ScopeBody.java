package leaksafe.resource;

import org.jspecify.annotations.Nullable;

/**
 * What {@link Scope#call} runs inside a scope.
 *
 * @param <T> the type of the result
 * @param <X> the type of the checked exceptions that it throws, {@link RuntimeException} if none
 */
@FunctionalInterface
public interface ScopeBody<T extends @Nullable Object, X extends Exception> {

  /** Does the work; what it gives to the scope is closed when it returns or throws. */
  T run(Scope scope) throws X;
}
