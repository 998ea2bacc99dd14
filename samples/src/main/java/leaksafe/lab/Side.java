package leaksafe.lab;

import leaksafe.lab.run.Stage;

/** The two ways to write the same program. */
public enum Side {
  /** With what the JDK offers, as people write it. */
  AD_HOC("ad-hoc") {
    @Override
    public void run(Scenario scenario, Stage stage) throws Exception {
      scenario.adHoc(stage);
    }
  },
  /** With this library. */
  LEAKSAFE("leaksafe") {
    @Override
    public void run(Scenario scenario, Stage stage) throws Exception {
      scenario.leaksafe(stage);
    }
  };

  private final String label;

  Side(String label) {
    this.label = label;
  }

  /** Returns the word for it in reports, which is also the name of the region in a scenario's source. */
  public String label() {
    return label;
  }

  /** Runs this side of the scenario. */
  public abstract void run(Scenario scenario, Stage stage) throws Exception;
}
