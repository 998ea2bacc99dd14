package leaksafe.lab;

import leaksafe.lab.run.Stage;

/**
 * One way to leak: the code that people write, and what they write with leaksafe.
 *
 * <p>To add one, write a class in {@code leaksafe.lab.scenario} and name it in {@link Scenarios}. Both sides do the same work with
 * every class that the {@link Stage} gives them, and keep in static fields what such code keeps, so that it is still held when the
 * heap is measured at the end. In the source, mark the lines that the report shows:
 * <pre>
 *   // @start region="ad-hoc"
 *   ...
 *   // @end
 *   // @start region="leaksafe"
 *   ...
 *   // @end
 * </pre>
 */
public interface Scenario {

  /** Returns the name for {@code --only}: lower case, with hyphens. */
  String name();

  /** Returns the title of its part of the report. */
  String title();

  /** Returns what goes wrong, in one line. */
  String summary();

  /** Returns what detection must name while the ad-hoc side runs: the class whose instances pile up, or the collection in {@link #watchAdHoc}. */
  String culprit();

  /** Has the census watch collections of the ad-hoc side, as its owner would with a line for each, where their elements are of no class of their own. */
  default void watchAdHoc() {}

  /** Works as people do without the library, until the stage is over or memory is. */
  void adHoc(Stage stage) throws Exception;

  /** Does the same work with the library. */
  void leaksafe(Stage stage) throws Exception;
}
