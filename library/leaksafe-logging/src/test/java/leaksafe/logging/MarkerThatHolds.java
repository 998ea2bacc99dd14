package leaksafe.logging;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Marker;

/** A marker that holds what is to be logged, as those of some encoders do. */
@SuppressWarnings("deprecation") // all that are about references
public final class MarkerThatHolds implements Marker {
  private static final long serialVersionUID = 1L;
  final transient Object held;
  final String name;
  final List<Marker> references = new ArrayList<>();
  int asked;
  Error failure;

  /** Creates one. */
  public MarkerThatHolds(String name, Object held) {
    this.name = name;
    this.held = held;
  }

  @Override
  public String getName() {
    if (failure != null) {
      throw failure;
    }
    return name;
  }

  @Override
  public void add(Marker reference) {
    references.add(reference);
  }

  @Override
  public boolean remove(Marker reference) {
    return references.remove(reference);
  }

  @Override
  public boolean hasChildren() {
    return hasReferences();
  }

  @Override
  public boolean hasReferences() {
    return !references.isEmpty();
  }

  @Override
  public Iterator<Marker> iterator() {
    asked++;
    return references.iterator();
  }

  @Override
  public boolean contains(Marker other) {
    return other == this;
  }

  @Override
  public boolean contains(String other) {
    return name.equals(other);
  }

  /** The same for Log4j 2. */
  public static class OfLog4j implements org.apache.logging.log4j.Marker {
    private static final long serialVersionUID = 1L;
    final transient Object held;
    private final String name;
    private org.apache.logging.log4j.Marker[] parents;

    /** Creates one. */
    public OfLog4j(String name, Object held) {
      this.name = name;
      this.held = held;
    }

    @Override
    public String getName() {
      return name;
    }

    @Override
    public org.apache.logging.log4j.Marker addParents(org.apache.logging.log4j.Marker... added) {
      throw new UnsupportedOperationException();
    }

    @Override
    public org.apache.logging.log4j.Marker[] getParents() {
      return parents;
    }

    @Override
    public boolean hasParents() {
      return parents != null;
    }

    @Override
    public boolean isInstanceOf(org.apache.logging.log4j.Marker other) {
      return other == this;
    }

    @Override
    public boolean isInstanceOf(String other) {
      return name.equals(other);
    }

    @Override
    public boolean remove(org.apache.logging.log4j.Marker parent) {
      throw new UnsupportedOperationException();
    }

    @Override
    public org.apache.logging.log4j.Marker setParents(org.apache.logging.log4j.Marker... all) {
      parents = all;
      return this;
    }
  }
}
