/**
 * The leak lab: for each way in which Java programs leak, two small JVMs on the same real input, one with the code that people write
 * and one with leaksafe, measured and drawn side by side.
 */
@NullMarked
package leaksafe.lab;

import org.jspecify.annotations.NullMarked;
