package leaksafe.heap;

/** Is told how far a long analysis is. Called from the threads of the analysis, one call at a time, a few times a second at most. */
@FunctionalInterface
public interface HeapProgress {
  /** Says nothing. */
  HeapProgress NONE = (step, done, total) -> {};

  /** Says that so many of all units of the named step are done; units are bytes or objects, {@code total} is 0 where unknown. */
  void progress(String step, long done, long total);
}
