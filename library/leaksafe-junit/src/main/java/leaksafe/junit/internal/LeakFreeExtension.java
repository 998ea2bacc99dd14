package leaksafe.junit.internal;

import java.util.Optional;
import leaksafe.junit.LeakFree;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Examines what {@link LeakFree} is on, once that has passed in the usual way: a method after its {@code @AfterEach} methods, a class after all of
 * its tests. Has no state; what it notes is in JUnit's stores.
 */
public final class LeakFreeExtension implements AfterEachCallback, AfterAllCallback {
  /** The configuration parameter that says: this is a round, do nothing. */
  static final String ROUND = "leaksafe.junit.round";

  private static final Namespace NOTES = Namespace.create(LeakFreeExtension.class);
  private static final String FAILED = "failed";

  /** Called by JUnit. */
  public LeakFreeExtension() {}

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    if (isRound(context)) {
      return;
    }
    if (context.getExecutionException().isPresent()) {
      noteFailure(context);
      return;
    }
    Optional<LeakFree> annotation = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), LeakFree.class);
    if (annotation.isPresent()) {
      try {
        examine(context, annotation.get(), context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName());
      } catch (Throwable e) {
        noteFailure(context);
        throw e;
      }
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    if (isRound(context) || context.getExecutionException().isPresent()
        || context.getStore(NOTES).get(FAILED + context.getUniqueId()) != null) {
      return;
    }
    // Of the class itself or inherited; of an enclosing class not: that one examines it.
    Optional<LeakFree> annotation = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), LeakFree.class);
    if (annotation.isPresent()) {
      examine(context, annotation.get(), context.getRequiredTestClass().getSimpleName());
    }
  }

  private static boolean isRound(ExtensionContext context) {
    return context.getConfigurationParameter(ROUND).isPresent();
  }

  /** A class with a test that failed is not examined: it would fail in the rounds again. */
  private static void noteFailure(ExtensionContext context) {
    for (Optional<ExtensionContext> at = context.getParent(); at.isPresent(); at = at.get().getParent()) {
      at.get().getStore(NOTES).put(FAILED + at.get().getUniqueId(), true);
    }
  }

  private static void examine(ExtensionContext context, LeakFree annotation, String test) throws InterruptedException {
    Settings settings = Settings.of(annotation, test);
    Rounds rounds;
    try {
      rounds = new Rounds(context);
    } catch (NoClassDefFoundError e) {
      throw new ExtensionConfigurationException("@LeakFree on " + test + " runs tests again through JUnit's launcher: "
          + "put org.junit.platform:junit-platform-launcher on the class path of the tests", e);
    }
    @Nullable String report = new Examination(rounds, settings, test, context.getRequiredTestClass()).report();
    if (report != null) {
      throw new AssertionError(report);
    }
  }
}
