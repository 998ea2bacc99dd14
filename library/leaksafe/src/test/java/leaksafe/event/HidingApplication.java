package leaksafe.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * An application that subscribes a handler of a hidden class, to the bus that it is given first, and leaves the owner, which counts its runs, in the
 * list. Nobody but the bus holds the handler, whose class may go before its loader does.
 */
public final class HidingApplication implements Consumer<List<Object>> {
  /** Creates it. */
  public HidingApplication() {}

  static final class Owner implements Runnable {
    private int runs;

    @Override
    public void run() {
      runs++;
    }

    @Override
    public String toString() {
      return runs + " runs";
    }
  }

  /** Defined once more as a hidden class. */
  public static final class Template implements BiConsumer<Runnable, Object> {
    /** For the hidden class. */
    public Template() {}

    @Override
    public void accept(Runnable owner, Object event) {
      owner.run();
    }
  }

  @Override
  public void accept(List<Object> given) {
    Owner owner = new Owner();
    ((EventBus) given.get(0)).subscribe(owner, String.class, hidden());
    given.add(owner);
  }

  @SuppressWarnings("unchecked") // what the template is
  private static BiConsumer<Runnable, Object> hidden() {
    try (InputStream file = HidingApplication.class.getResourceAsStream("HidingApplication$Template.class")) {
      Class<?> type = MethodHandles.lookup().defineHiddenClass(file.readAllBytes(), false).lookupClass();
      return (BiConsumer<Runnable, Object>) type.getConstructor().newInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
