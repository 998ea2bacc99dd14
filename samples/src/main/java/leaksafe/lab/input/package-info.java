/** The input of every run: the class library of the JDK that runs the lab. */
@NullMarked
package leaksafe.lab.input;

import org.jspecify.annotations.NullMarked;
