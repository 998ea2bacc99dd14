/** Data that belongs to an object and dies with it, though the object's class knows nothing of it. */
@NullMarked
package leaksafe.registry;

import org.jspecify.annotations.NullMarked;
