package leaksafe.cache;

/**
 * How full a heap is.
 *
 * @param afterCollection how many bytes were in use after the last collection that says something about long-lived objects; 0 if there was none
 * @param now how many bytes are in use now, with what nobody needs any more
 * @param maximum how many bytes the heap may take
 * @param collections a number that is another when {@code afterCollection} is of another collection
 */
public record HeapUse(long afterCollection, long now, long maximum, long collections) {

  /** Checks that nothing is negative and that there is a maximum. */
  public HeapUse {
    if (afterCollection < 0 || now < 0 || maximum < 1) {
      throw new IllegalArgumentException("afterCollection and now must be at least 0 and maximum at least 1, but were " + afterCollection + ", " + now
          + " and " + maximum);
    }
  }
}
