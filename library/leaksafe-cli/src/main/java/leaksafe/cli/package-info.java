/** The command line: one class per subcommand, {@link leaksafe.cli.Main} puts them together. */
@NullMarked
package leaksafe.cli;

import org.jspecify.annotations.NullMarked;
