/** One child JVM per run: its work, its measurements, and what the parent makes of them. */
@NullMarked
package leaksafe.lab.run;

import org.jspecify.annotations.NullMarked;
