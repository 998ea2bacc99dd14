package leaksafe.cache;

/**
 * The figures of a {@link LeaseCache} at one time. The first four are of now, the others of all its life.
 *
 * @param open how many values are open, those included that are being opened or closed; at most the maximum
 * @param idle how many of them have no lease
 * @param leases how many leases are open
 * @param waiting how many threads wait for room
 * @param opened how many values were opened
 * @param openFailures how many openers threw
 * @param closed how many values were closed, whether their closer threw or not
 * @param evictions how many values were closed to make room
 * @param expirations how many values were retired because their lifetime had ended
 * @param leaked how many leases were dropped without being closed
 * @param timeouts how many threads did not get a lease in time
 */
public record LeaseCacheStats(int open, int idle, int leases, int waiting, long opened, long openFailures, long closed, long evictions,
    long expirations, long leaked, long timeouts) {}
