package leaksafe.lab;

import java.util.List;
import java.util.Optional;
import leaksafe.lab.scenario.EvictedResources;
import leaksafe.lab.scenario.ListenersNobodyUnregisters;
import leaksafe.lab.scenario.LogRecordsThatHoldGraphs;
import leaksafe.lab.scenario.LostLeases;
import leaksafe.lab.scenario.MethodsThatPinTheirInstances;
import leaksafe.lab.scenario.StaticMapThatOnlyGrows;
import leaksafe.lab.scenario.ThreadLocalsOnPooledThreads;
import leaksafe.lab.scenario.ThreadsNobodyStops;
import leaksafe.lab.scenario.UnclosedResources;
import leaksafe.lab.scenario.WeakMapThatKeepsItsKeys;

/** The scenarios of the lab, in the order of the report. */
public final class Scenarios {
  /** All of them. */
  public static final List<Scenario> ALL = List.of(
      new StaticMapThatOnlyGrows(),
      new WeakMapThatKeepsItsKeys(),
      new MethodsThatPinTheirInstances(),
      new ListenersNobodyUnregisters(),
      new LostLeases(),
      new UnclosedResources(),
      new EvictedResources(),
      new ThreadsNobodyStops(),
      new ThreadLocalsOnPooledThreads(),
      new LogRecordsThatHoldGraphs());

  private Scenarios() {}

  /** Returns the scenario of that name. */
  public static Optional<Scenario> named(String name) {
    return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }
}
