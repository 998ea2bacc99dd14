package leaksafe.lab.run;

/**
 * How long a run goes on.
 *
 * @param operations a run ends when it has done so many
 * @param needed a run that has done fewer is given more time, up to {@code longestMillis}
 * @param millis a run that has done what is needed ends after this time
 * @param longestMillis a run ends after this time, whatever it has done
 */
public record Limits(long operations, long needed, long millis, long longestMillis) {

  /** Returns the limits for a run that goes on as long as the time allows. */
  public static Limits time(long millis) {
    return new Limits(Long.MAX_VALUE, 0, millis, millis);
  }

  /**
   * Returns the limits for a run that is to do twice the work that another has done, but at least as much, and may take twice the
   * time for it.
   */
  public static Limits twiceTheWorkOf(long operations, long millis) {
    return new Limits(Math.max(1, 2 * operations), operations, millis, 2 * millis);
  }

  boolean reached(long done, long elapsedMillis) {
    return done >= operations || elapsedMillis >= longestMillis || (done >= needed && elapsedMillis >= millis);
  }
}
