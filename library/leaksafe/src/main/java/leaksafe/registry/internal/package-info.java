/**
 * The workshop of the registries: hash tables of weak references, and turns at making a value. Not exported.
 *
 * <p>The tables' fields, who may touch them and why it works is told in {@code WeakBins}. The locks of a table are taken one at a time,
 * or by its resize all in order, and no other lock inside them. Users' code runs under none.
 */
@NullMarked
package leaksafe.registry.internal;

import org.jspecify.annotations.NullMarked;
