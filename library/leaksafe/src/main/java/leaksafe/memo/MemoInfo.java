package leaksafe.memo;

import java.util.OptionalLong;

/**
 * The figures of a memo at one time.
 *
 * @param hits how many calls were answered from memory, those included that waited for another call's result. Exact
 * @param misses how many calls ran the function. Exact
 * @param size about how many results are remembered, nulls and failures included
 * @param maximum how many there may be (or their weight), for each instance where the memo has many; empty if only a lifetime or a weak
 *     hold bounds them
 */
public record MemoInfo(long hits, long misses, long size, OptionalLong maximum) {}
