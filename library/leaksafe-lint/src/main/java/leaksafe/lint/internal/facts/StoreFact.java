package leaksafe.lint.internal.facts;

/**
 * A value put into a field.
 *
 * @param value the positions of its origins in the method's table
 * @param lazy the store happens only if the field was null before
 */
public record StoreFact(FieldRef field, int[] value, int line, boolean lazy) {}
