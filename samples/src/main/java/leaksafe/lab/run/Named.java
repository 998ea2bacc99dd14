package leaksafe.lab.run;

/**
 * What the growth monitor said that grows.
 *
 * @param millis since the work began
 * @param kind of figure: a class, or the kind of container
 * @param name of the class or the container
 * @param count how many there were then
 */
public record Named(long millis, String kind, String name, long count) {}
