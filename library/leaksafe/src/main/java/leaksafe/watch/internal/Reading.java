package leaksafe.watch.internal;

/**
 * One sample of a figure.
 *
 * @param value entries or bytes
 * @param containers how many containers it is the sum of; 0 for what is no container
 * @param maximum the sum of their maxima, or -1 if one has none
 * @param bound what limits them, in words
 */
record Reading(long value, int containers, long maximum, String bound) {

  static Reading of(long value) {
    return new Reading(value, 0, -1, "");
  }

  Reading plus(Reading that) {
    return new Reading(value + that.value, containers + that.containers, maximum < 0 || that.maximum < 0 ? -1 : maximum + that.maximum, bound);
  }
}
