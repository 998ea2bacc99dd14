package leaksafe.heap.internal;

import java.util.Locale;

/** Bytes for people. */
public final class Sizes {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

  private Sizes() {}

  /** Returns bytes in the unit that needs the fewest digits, in powers of 1024, for example {@code 55.8 MB}. */
  public static String text(long bytes) {
    double value = Math.abs((double) bytes);
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String digits = unit == 0 || value >= 100 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.1f", value);
    return (bytes < 0 ? "-" : "") + digits + " " + UNITS[unit];
  }

  /** Returns a count with its thousands apart, for example {@code 3 100 000}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count).replace(',', ' ');
  }
}
