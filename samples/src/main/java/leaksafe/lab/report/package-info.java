/** What is shown: progress, the table, the page. */
@NullMarked
package leaksafe.lab.report;

import org.jspecify.annotations.NullMarked;
