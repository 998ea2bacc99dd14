package leaksafe.junit.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Has JUnit run a test or class again, alone, with all that belongs to it. */
final class Rounds {
  private static final String ENGINE = "junit-jupiter";

  /** What a run may have been started with and the launcher cannot know. */
  private static final List<String> INHERITED = List.of("junit.jupiter.testinstance.lifecycle.default",
      "junit.jupiter.displayname.generator.default", "junit.jupiter.extensions.autodetection.enabled",
      "junit.jupiter.extensions.autodetection.include", "junit.jupiter.extensions.autodetection.exclude", "junit.jupiter.conditions.deactivate",
      "junit.jupiter.testmethod.order.default", "junit.jupiter.testclass.order.default", "junit.jupiter.execution.timeout.mode",
      "junit.jupiter.execution.timeout.default", "junit.jupiter.execution.timeout.testable.method.default",
      "junit.jupiter.execution.timeout.test.method.default", "junit.jupiter.execution.timeout.lifecycle.method.default",
      "junit.jupiter.tempdir.factory.default", "junit.jupiter.tempdir.cleanup.mode.default");

  private final String id;
  private final Map<String, String> parameters = new HashMap<>();
  private final Launcher launcher;

  Rounds(ExtensionContext context) {
    // Below a suite the id begins with the suite's engine, which this is none of our business.
    String full = context.getUniqueId();
    id = full.substring(Math.max(0, full.lastIndexOf("[engine:" + ENGINE + "]")));
    for (String key : INHERITED) {
      context.getConfigurationParameter(key).ifPresent(value -> parameters.put(key, value));
    }
    parameters.put("junit.jupiter.execution.parallel.enabled", "false");
    parameters.put(LeakFreeExtension.ROUND, "true");
    launcher = LauncherFactory.create(LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false)
        .enableLauncherSessionListenerAutoRegistration(false).enableLauncherDiscoveryListenerAutoRegistration(false)
        .enablePostDiscoveryFilterAutoRegistration(false).build());
  }

  /** Runs it so many times. */
  void run(int times, String what) {
    for (int i = 1; i <= times; i++) {
      run(what + " " + i);
    }
  }

  /** Runs it once; throws if it fails, which it did not when it ran the first time. */
  void run(String which) {
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request().selectors(DiscoverySelectors.selectUniqueId(id))
        .filters(EngineFilter.includeEngines(ENGINE)).configurationParameters(parameters).build();
    Outcome outcome = new Outcome();
    launcher.execute(request, outcome);
    if (outcome.failure != null) {
      throw new AssertionError("@LeakFree: the test passed once and failed when it was run again, in " + which
          + ": what the first run left behind is in its way", outcome.failure);
    }
    if (!outcome.ran) {
      throw new IllegalStateException("@LeakFree: " + id + " could not be run again, in " + which + ": JUnit found no such test");
    }
  }

  private static final class Outcome implements TestExecutionListener {
    private boolean ran;
    private @Nullable Throwable failure;

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      ran = true;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      ran |= test.isTest();
      if (result.getStatus() == TestExecutionResult.Status.FAILED && failure == null) {
        failure = result.getThrowable().orElseGet(() -> new AssertionError("failed without a cause"));
      }
    }
  }
}
