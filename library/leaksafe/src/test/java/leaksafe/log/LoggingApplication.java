package leaksafe.log;

import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Logs objects, an exception and a level of its own classes to a logger that outlives it. */
public final class LoggingApplication implements Consumer<Logger> {

  /** Creates it. */
  public LoggingApplication() {}

  /** A level of its own. */
  private static final class Audit extends Level {
    private static final long serialVersionUID = 1L;

    Audit(String name) {
      super(name, 850);
    }
  }

  /** An exception of its own. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public void accept(Logger logger) {
    logger.log(new Audit("AUDIT"), "of {0}", this);
    logger.log(new Audit("WARNING"), "of the name of another level", new Refused());
  }

  @Override
  public String toString() {
    return "an application";
  }
}
