/** The cache beside its peers: throughput, allocation, footprint, exactness of the bound, promptness, hit ratio. */
package leaksafe.bench.cache;
