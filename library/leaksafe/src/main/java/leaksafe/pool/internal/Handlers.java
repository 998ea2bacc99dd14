package leaksafe.pool.internal;

import leaksafe.pool.KeyedPool;
import leaksafe.pool.Pool;
import org.jspecify.annotations.Nullable;

/**
 * The users' code that only serves objects which are going to be leased. The user's pool holds it, and nothing else does: it often captures
 * the object that holds the pool, and what is left of a dropped pool, whose objects are still to be disposed of, must not keep that.
 */
public record Handlers<K, T>(
    KeyedPool.Opener<? super K, ? extends T> opener,
    Pool.@Nullable Validator<? super T> validator,
    Pool.@Nullable Action<? super T> reset) {}
