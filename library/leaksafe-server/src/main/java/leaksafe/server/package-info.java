/**
 * A live page for people: {@link leaksafe.server.CensusServer} shows every container of the census with its size over time, what grows,
 * and the latest leaks with their lines.
 *
 * <p>It is in an artifact of its own because it opens a port: nobody gets that by accident. It listens on the loopback interface alone,
 * answers no request that came by another name than that of the loopback interface (a page of somebody else that has its own name point
 * to this machine gets nothing), changes nothing, and loads nothing from elsewhere.
 */
@NullMarked
package leaksafe.server;

import org.jspecify.annotations.NullMarked;
