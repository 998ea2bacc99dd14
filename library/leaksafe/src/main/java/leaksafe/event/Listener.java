package leaksafe.event;

import java.io.Serializable;
import java.util.function.Consumer;

/**
 * A handler that may use its owner without naming it as a parameter: {@code e -> refresh(e)} or {@code this::refresh}.
 *
 * <p>It is serializable for one reason: the compiler then leaves a description of the lambda behind, from which the bus builds a
 * handler that does not hold its owner. Nothing is ever serialized.
 *
 * @param <E> the type of the events
 * @see EventSource#listen
 */
@FunctionalInterface
public interface Listener<E> extends Consumer<E>, Serializable {}
