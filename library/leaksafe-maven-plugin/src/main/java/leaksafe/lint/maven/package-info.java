/** The lint as a goal of Maven. */
@NullMarked
package leaksafe.lint.maven;

import org.jspecify.annotations.NullMarked;
