package leaksafe.cache.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import leaksafe.Container;
import leaksafe.cache.PressureStats;
import leaksafe.internal.Containers;

/** What a budget says about itself to the census. */
final class BudgetContainer implements Container {
  private final SharedBudget budget;
  private final String site;

  BudgetContainer(SharedBudget budget, String site) {
    this.budget = budget;
    this.site = site;
  }

  void announce() {
    Containers.announce(this);
  }

  @Override
  public String name() {
    return budget.name();
  }

  @Override
  public String kind() {
    return "budget";
  }

  @Override
  public String creationSite() {
    return site;
  }

  /** Returns the number of caches; their entries are their own. */
  @Override
  public long estimatedSize() {
    return budget.caches();
  }

  @Override
  public String bound() {
    return "maximumWeight " + budget.maximum();
  }

  @Override
  public Map<String, Number> figures() {
    Map<String, Number> figures = new LinkedHashMap<>();
    figures.put("weight", budget.taken());
    figures.put("maximumWeight", budget.maximum());
    figures.put("evictions", budget.evictions());
    PressureStats pressure = budget.pressure();
    if (pressure != null) {
      figures.put("shrinks", pressure.shrinkCount());
      figures.put("growths", pressure.growthCount());
    }
    return figures;
  }
}
