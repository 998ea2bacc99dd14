/**
 * The workshop of the memos. Not exported. The results are in caches of {@code leaksafe.cache}, which load once for a key and see cycles;
 * users' functions run as their loaders, under no lock.
 *
 * <p><b>Shared state.</b>
 * <table>
 * <caption>Fields that several threads touch</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard of writes</th></tr>
 * <tr><td>{@code HitCounter.cells}</td><td>acquire</td><td>compare-and-set</td><td>none</td></tr>
 * <tr><td>{@code HitCounter.Cell.count}</td><td>opaque</td><td>opaque</td><td>the thread that owns the cell</td></tr>
 * </table>
 */
@NullMarked
package leaksafe.memo.internal;

import org.jspecify.annotations.NullMarked;
