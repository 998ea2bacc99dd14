/**
 * Heap dumps: what grew, why it stays, how much it holds. What objgraph, muppy and guppy are to Python, for any HPROF dump of a HotSpot
 * VM from JDK 8 on, gzipped or not.
 *
 * <p>{@link leaksafe.heap.HeapDump} opens a dump and answers questions, each with a {@link leaksafe.heap.Report} that prints itself as
 * text, JSON, DOT or one HTML page:
 * <ul>
 *   <li>{@code growth}: which structural paths have more objects in each dump than in the one before
 *   <li>{@code why}: shortest paths from the roots to an object or to the instances of a class
 *   <li>{@code retained}: exact retained sizes by object, class, path and class loader, and the dominator tree
 *   <li>{@code containers}: the largest collections, how full they are and who owns them
 *   <li>{@code loaders}: generations of class loaders and what holds them
 *   <li>{@code ephemerons}: entries of weak maps that keep their own key
 *   <li>{@code histogram}, {@code diff}, {@code strings}, {@code threads}
 * </ul>
 *
 * <p><b>How the heap is followed.</b> Classes of the built-in loaders, threads, JNI references and frames are roots. Besides fields,
 * array elements and statics, the ways from an instance to its class, from a class to its loader, superclass, signers and protection
 * domain are followed, so that a class loader held by one forgotten instance shows with all that it holds. Soft references and
 * pending finalizers hold, weak and phantom references do not, unless {@link leaksafe.heap.HeapOptions} say otherwise.
 *
 * <p><b>Cost.</b> Memory does not depend on the dump for {@code containers}; it is about 30 bytes an object for paths and 60 for retained
 * sizes. An analysis that would need more than its budget is refused with a {@link leaksafe.heap.HeapDumpException} that says so. A VM of its
 * own, as {@link leaksafe.heap.HeapInspector} and the command line start with {@link leaksafe.heap.AnalysisVm#options}, takes less CPU time.
 *
 * <p><b>Not promised.</b> Sizes are those of HotSpot's layout since JDK 15, found from the dump itself; class objects are near, not exact.
 * The fields of {@code java.lang.Class} itself are not part of the format: what hangs on them alone, caches of reflection and values of
 * {@code ClassValue}, is unreachable in every dump.
 *
 * <p><b>Limits.</b> A dump may have 4 294 967 293 objects, in the running VM {@link leaksafe.heap.Leaks#why} and
 * {@link leaksafe.heap.HeapInspector#selfKeeping} find one among 2 147 483 647; their fields and elements may hold 2<sup>40</sup> references, of
 * which 2<sup>32</sup> between reachable objects for several paths to one object, and as many off the tree of the search for retained sizes; an
 * array may have 2 147 483 631 elements. What is more is refused with a message that says so.
 *
 * <p><b>Sensitive data.</b> Contents of strings, names of threads among them, appear only if {@link leaksafe.heap.HeapOptions#contents}
 * is set; names of classes and fields always do. A dump holds every secret of its VM: delete it.
 */
@NullMarked
package leaksafe.heap;

import org.jspecify.annotations.NullMarked;
