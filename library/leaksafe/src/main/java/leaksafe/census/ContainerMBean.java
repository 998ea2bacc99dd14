package leaksafe.census;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.ReflectionException;
import leaksafe.Container;
import org.jspecify.annotations.Nullable;

/**
 * What an MBean server shows of a container, which is held weakly.
 */
final class ContainerMBean implements DynamicMBean {
  @SuppressWarnings("unused") // keeps the one that registered this, which nobody else need keep
  private final CensusMBeans keeper;
  private final WeakReference<Container> container; // the announcement

  ContainerMBean(CensusMBeans keeper, WeakReference<Container> container) {
    this.keeper = keeper;
    this.container = container;
  }

  /** Returns the attributes; none if the container is gone, and {@code Failure} beside those that it answered if its size or figures fail. */
  private Map<String, Object> attributes() {
    Container now = container.get();
    Map<String, Object> attributes = new LinkedHashMap<>();
    if (now == null) {
      return attributes;
    }
    try {
      ask(now, attributes);
    } catch (RuntimeException | Error e) { // of users' code, where the container is a watched one; the census reports it
      attributes.put("Failure", e.getClass().getName());
    }
    return attributes;
  }

  private static void ask(Container now, Map<String, Object> attributes) {
    attributes.put("Name", now.name());
    attributes.put("CreationSite", now.creationSite());
    attributes.put("Kind", now.kind());
    attributes.put("Size", now.estimatedSize());
    attributes.put("Bound", now.bound());
    attributes.put("Unbounded", now.isUnbounded());
    now.figures().forEach((figure, value) -> {
      if (!figure.isEmpty()) {
        Number plain = CensusEntry.plain(value);
        attributes.putIfAbsent(Character.toUpperCase(figure.charAt(0)) + figure.substring(1), plain);
      }
    });
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    Object value = attributes().get(attribute);
    if (value == null) {
      throw new AttributeNotFoundException(container.refersTo(null) ? "the container was collected" : "there is no attribute " + attribute);
    }
    return value;
  }

  @Override
  public AttributeList getAttributes(String[] names) {
    Map<String, Object> attributes = attributes();
    AttributeList list = new AttributeList();
    for (String name : names) {
      Object value = attributes.get(name);
      if (value != null) {
        list.add(new Attribute(name, value));
      }
    }
    return list;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " cannot be set: all attributes are read-only");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public @Nullable Object invoke(String operation, Object @Nullable [] arguments, String @Nullable [] signature) throws ReflectionException {
    throw new ReflectionException(new NoSuchMethodException(operation), "there are no operations");
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    List<MBeanAttributeInfo> infos = new ArrayList<>();
    attributes().forEach((name, value) -> infos.add(new MBeanAttributeInfo(name, value.getClass().getName(), name, true, false, false)));
    return new MBeanInfo(ContainerMBean.class.getName(), "a container of leaksafe", infos.toArray(new MBeanAttributeInfo[0]), null, null, null);
  }
}
