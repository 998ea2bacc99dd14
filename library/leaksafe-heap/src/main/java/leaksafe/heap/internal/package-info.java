/**
 * The HPROF engine: reader, object index, graph, paths, dominators, census, and the renderers of reports.
 *
 * <p><b>How it works.</b> The first pass sets one bit per object address in a paged bitmap; after it an object is a number, found by
 * one population count. The second pass appends the numbers of each object's targets to chunked arrays, null slots kept, so that the
 * k-th slot names the k-th field and a path needs no third reading. Heap segments of a dump are independent, so several threads take
 * them. Everything per object is a slot in a chunked table indexed by an unsigned int: no Java object per object, up to 2<sup>32</sup>
 * objects and 2<sup>40</sup> edges.
 *
 * <p><b>Measured choices.</b> The bitmap replaces the sorted id arrays or hash tables of other tools (a tenth of the memory, no sort).
 * Breadth-first search assigns each object to a structural path as it goes, so that the growth of two dumps is the difference of two
 * small tables. Dominators are those of Georgiadis' semi-NCA, which needs no bucket lists.
 *
 * <p><b>Damage.</b> A record that cannot be right ends its segment and is reported with its offset; nothing is allocated on the word
 * of a count that the file cannot hold, and large tables are claimed from {@link leaksafe.heap.internal.MemoryBudget} first.
 */
@NullMarked
package leaksafe.heap.internal;

import org.jspecify.annotations.NullMarked;
