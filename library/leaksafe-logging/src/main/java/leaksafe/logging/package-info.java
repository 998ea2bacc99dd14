/**
 * Text now, object never, for Logback and Log4j 2.
 *
 * <p>Logback's events keep their arguments and exceptions after they were formatted; whatever keeps events, a ring buffer, an
 * asynchronous queue, a list, keeps whole graphs of objects. {@link leaksafe.logging.TextAppender} stands in front of such an appender
 * and hands on text; {@link leaksafe.logging.TextRewritePolicy} does the same in Log4j 2. {@link leaksafe.logging.MdcScope} sets
 * diagnostic values for the time of a block.
 *
 * <p><b>Not promised.</b> What the logging libraries hold before an event comes here: an asynchronous appender in front of ours has live events in
 * its queue, and a log builder of Log4j 2 that was given a throwable keeps it in its thread until that thread uses a builder again.
 */
@NullMarked
package leaksafe.logging;

import org.jspecify.annotations.NullMarked;
