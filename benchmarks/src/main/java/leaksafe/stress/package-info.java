/**
 * The ordering claims of the library, as jcstress tests: each names the outcome that must never be seen.
 *
 * <p>Command: {@code mvn -Pslow verify}; the normal test command runs the same tests in their short form.
 */
package leaksafe.stress;
