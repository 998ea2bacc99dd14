package leaksafe.lab.run;

import leaksafe.lab.input.JdkClass;

/** What a scenario runs on: it hands out the input, counts operations and decides when it is enough. */
public interface Stage {

  /** Runs the operation with one class of the JDK after the other, until the limits of the run are reached. */
  void forEachClass(Operation operation) throws Exception;

  /** One unit of a scenario's work. */
  @FunctionalInterface
  interface Operation {
    void run(JdkClass input) throws Exception;
  }
}
