package leaksafe.pool;

/**
 * The figures of a pool. They are read one after the other while the pool goes on working, so they fit together only when it rests;
 * but {@code leased + idle} never exceeds the maximum, unless that was lowered and objects are still out.
 *
 * @param leased how many objects are leased, being opened, checked, reset or disposed of
 * @param idle how many objects lie ready
 * @param waiting how many threads wait
 * @param minimum how many objects the pool keeps
 * @param maximum how many objects the pool may have
 * @param acquired how many leases there were
 * @param waits how many acquisitions had to wait
 * @param timeouts how many of them waited in vain
 * @param opened how many objects were opened
 * @param openFailures how often the opener failed
 * @param disposed how many objects were disposed of
 * @param leaked how many leases were dropped without being closed
 * @param overdue how many leases were held beyond the limit
 */
public record PoolStats(int leased, int idle, int waiting, int minimum, int maximum, long acquired, long waits, long timeouts,
    long opened, long openFailures, long disposed, long leaked, long overdue) {}
