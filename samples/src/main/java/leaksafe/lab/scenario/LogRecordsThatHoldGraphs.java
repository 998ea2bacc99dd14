package leaksafe.lab.scenario;

import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.MemoryHandler;
import leaksafe.lab.Scenario;
import leaksafe.lab.run.Stage;
import leaksafe.log.RecentRecords;

/** The last records are kept in case something happens, and with them the objects that they are about. */
public final class LogRecordsThatHoldGraphs implements Scenario {

  private static final class AdHoc {
    // @start region="ad-hoc"
    static final Logger LOG = Logger.getLogger("parser");

    static {
      LOG.setUseParentHandlers(false);
      LOG.addHandler(new MemoryHandler(new ConsoleHandler(), 10_000, Level.SEVERE)); // keeps records with their parameters
    }
    // @end
  }

  private static final class Ours {
    // @start region="leaksafe"
    static final Logger LOG = Logger.getLogger("parser");

    static {
      LOG.setUseParentHandlers(false);
      LOG.addHandler(new RecentRecords(10_000)); // keeps their text
    }
    // @end
  }

  @Override
  public String name() {
    return "log-records";
  }

  @Override
  public String title() {
    return "Log records that hold object graphs";
  }

  @Override
  public String summary() {
    return "A ring of the last 10,000 log records keeps the records' parameters, and all that these refer to.";
  }

  @Override
  public String culprit() {
    return LogRecord.class.getName();
  }

  @Override
  public void adHoc(Stage stage) throws Exception {
    stage.forEachClass(input -> AdHoc.LOG.log(Level.INFO, "parsed {0}", input.parse()));
  }

  @Override
  public void leaksafe(Stage stage) throws Exception {
    stage.forEachClass(input -> Ours.LOG.log(Level.INFO, "parsed {0}", input.parse()));
  }
}
