/** Joins the facts of all classes: who calls whom, and what happens to every field. */
@NullMarked
package leaksafe.lint.internal.solve;

import org.jspecify.annotations.NullMarked;
