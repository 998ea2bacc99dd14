/**
 * What the lint remembers of a class file: plain values, symbolic, and independent of every other class.
 *
 * <p>A method is interpreted once, over abstract values that say where a reference came from (a field, a parameter, the result of a
 * call). What it does with them is kept as facts; bytecode is dropped at once. Facts of different classes are joined later by
 * {@code solve}, so they can be computed on all processors and kept between runs under the hash of the class file.
 */
@NullMarked
package leaksafe.lint.internal.facts;

import org.jspecify.annotations.NullMarked;
