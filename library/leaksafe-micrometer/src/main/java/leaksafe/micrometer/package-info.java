/**
 * Meters for Micrometer: {@link leaksafe.micrometer.LeaksafeMetrics} brings what the census knows into a registry, under the field's
 * conventional names where there are any. A dashboard for Grafana is beside this class: {@code grafana-dashboard.json}.
 */
@NullMarked
package leaksafe.micrometer;

import org.jspecify.annotations.NullMarked;
