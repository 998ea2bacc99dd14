package leaksafe.internal;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import leaksafe.Leak;

/** What a leak report and one of an overdue lease have in common. Loaded only where there is a flight recorder. */
@Category("leaksafe")
@StackTrace(false) // that of the reporter says nothing; the site is a field
abstract class LeakEvent extends Event {
  @Label("Container")
  final String container;

  @Label("Kind")
  final String kind;

  @Label("What")
  @Description("The class of what leaked, or the name that the user gave it")
  final String what;

  @Label("Site")
  @Description("The line that opened it")
  final String site;

  @Label("Age")
  @Timespan(Timespan.MILLISECONDS)
  final long age;

  LeakEvent(Leak leak) {
    container = leak.container();
    kind = leak.kind();
    what = leak.what();
    site = leak.site();
    age = leak.age().toMillis();
  }
}
