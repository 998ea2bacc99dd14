/** The ways to leak, one class each. */
@NullMarked
package leaksafe.lab.scenario;

import org.jspecify.annotations.NullMarked;
