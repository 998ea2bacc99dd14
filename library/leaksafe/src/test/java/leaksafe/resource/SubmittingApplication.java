package leaksafe.resource;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** An application that hands one task over to an executor which is not its own, and is undeployed while the executor lives on. */
public final class SubmittingApplication implements Consumer<ExecutorService> {

  /** For the loader. */
  public SubmittingApplication() {}

  @Override
  public void accept(ExecutorService executor) {
    Thread current = Thread.currentThread();
    ClassLoader before = current.getContextClassLoader();
    current.setContextClassLoader(getClass().getClassLoader());
    try {
      executor.submit(() -> getClass().getName()).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      current.setContextClassLoader(before);
    }
  }
}
