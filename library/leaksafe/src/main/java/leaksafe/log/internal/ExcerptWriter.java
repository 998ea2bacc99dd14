package leaksafe.log.internal;

import java.io.ByteArrayOutputStream;
import java.io.Writer;
import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.Collection;
import java.util.EventObject;
import java.util.Formatter;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Writes one excerpt. Everything goes through {@link #put}, which stops at the limit; whoever is about to call code of an object asks
 * {@link #isFull} first.
 */
public final class ExcerptWriter {
  private static final String MORE = "...";
  private static final int LARGEST_NUMBER_BITS = 4096;

  private final int limit;
  private final int elements;
  private final int depth;
  private final boolean userCode;
  private final StringBuilder out;
  private final Object[] path; // what is being printed piece by piece, outermost first: to see cycles
  private int level;
  private int end; // where to cut, if it comes to that: the last place with room for the mark that is not within an escape
  private boolean cut;

  /** Creates a writer for one object. */
  public ExcerptWriter(int characters, int elements, int depth, boolean userCode) {
    this.limit = characters;
    this.elements = elements;
    this.depth = depth;
    this.userCode = userCode;
    this.out = new StringBuilder(Math.min(characters, 64));
    this.path = new Object[depth];
  }

  /** Returns the text of an object. */
  public String write(@Nullable Object object) {
    print(object);
    return finish();
  }

  private String finish() {
    if (cut) {
      if (end > 0 && Character.isHighSurrogate(out.charAt(end - 1))) {
        end--;
      }
      out.setLength(end);
      out.append(MORE);
    }
    return out.toString();
  }

  private boolean isFull() {
    return cut || out.length() >= limit;
  }

  private void put(CharSequence text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (out.length() >= limit) {
        cut = true;
        return;
      }
      putEscaped(text.charAt(i));
    }
  }

  private void putEscaped(char c) {
    if (out.length() <= limit - MORE.length()) {
      end = out.length();
    }
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
    if (out.length() > limit) { // an escape that does not fit
      cut = true;
    }
  }

  private void print(@Nullable Object object) {
    if (isFull()) {
      cut = true;
      return;
    }
    int start = out.length();
    try {
      dispatch(object);
    } catch (Throwable e) {
      if (object != null && out.length() == start) { // else it is known what fails
        put(object.getClass().getName());
      }
      putFailure(e);
    }
  }

  private void putFailure(Throwable thrown) {
    JvmErrors.rethrow(thrown);
    put(" (failed: " + thrown.getClass().getName() + ")");
  }

  private void dispatch(@Nullable Object object) {
    if (object == null) {
      put("null");
    } else if (object instanceof CharSequence text) {
      printText(text);
    } else if (object instanceof Enum<?> constant) {
      put(userCode ? String.valueOf(constant.toString()) : constant.name());
    } else if (object.getClass().isArray()) {
      nested(object, () -> printArray(object));
    } else if (object instanceof Throwable throwable) {
      printThrowable(throwable);
    } else if (!userCode && !OwnCode.runs(object)) {
      printIdentity(object);
    } else if (object instanceof BigInteger || object instanceof BigDecimal) {
      printNumber((Number) object);
    } else if (object instanceof Map<?, ?> map) {
      nested(object, () -> printMap(map));
    } else if (isCopiedToWalk(object)) {
      printCount((Collection<?>) object);
    } else if (object instanceof Collection<?> collection) {
      nested(object, () -> printAll('[', collection.iterator(), collection, ']'));
    } else if (object instanceof Map.Entry<?, ?> entry) {
      nested(object, () -> printEntry(entry));
    } else if (object instanceof Optional<?> optional) {
      nested(object, () -> wrap("Optional", optional.orElse(null)));
    } else if (object instanceof AtomicReference<?> reference) {
      nested(object, () -> wrap("AtomicReference", reference.get()));
    } else if (object instanceof Reference<?>) {
      printIdentity(object); // looking at the referent would keep it alive a little longer
    } else if (object instanceof Record) {
      nested(object, () -> printRecord(object));
    } else {
      printOther(object);
    }
  }

  private void printText(CharSequence text) {
    if (text instanceof String || text instanceof StringBuilder || text instanceof StringBuffer) {
      put(text);
    } else if (userCode || OwnCode.runs(text)) {
      put(text.subSequence(0, Math.min(text.length() - 1, limit) + 1)); // one more than fits, so that it is cut
    } else {
      printIdentity(text);
    }
  }

  private void printNumber(Number number) {
    BigInteger digits = number instanceof BigDecimal decimal ? decimal.unscaledValue() : (BigInteger) number;
    if (digits.bitLength() > LARGEST_NUMBER_BITS) { // its text takes time that grows with the square of its length
      put("a " + number.getClass().getSimpleName() + " of " + digits.bitLength() + " bits");
    } else {
      put(number.toString());
    }
  }

  private void printThrowable(Throwable throwable) {
    put(throwable.getClass().getName());
    if (isFull()) {
      cut = true; // and whether it has a message is not asked
    } else if (userCode || OwnCode.runs(throwable)) {
      String message = throwable.getMessage();
      if (message != null) {
        put(": ");
        put(message);
      }
    }
  }

  private void printIdentity(Object object) {
    put(object.getClass().getName());
    put("@");
    put(Integer.toHexString(System.identityHashCode(object)));
  }

  private void printOther(Object object) {
    Class<?> author = ToString.author(object.getClass());
    if (author != Object.class && !(OwnCode.isOfJdk(author) && isHolder(object))) {
      String text = object.toString();
      put(text == null ? "null" : text);
    } else {
      printIdentity(object);
    }
  }

  /** Returns whether the JDK's text of an object is as long as what it holds, or calls the toString of that. */
  private static boolean isHolder(Object object) {
    return object instanceof BitSet || object instanceof AtomicIntegerArray || object instanceof AtomicLongArray
        || object instanceof AtomicReferenceArray<?> || object instanceof StringJoiner || object instanceof Writer
        || object instanceof ByteArrayOutputStream || object instanceof Formatter || object instanceof Matcher || object instanceof Future<?>
        || object instanceof EventObject;
  }

  /** Prints something piece by piece, unless it is inside of itself or too deep. */
  private void nested(Object object, Runnable print) {
    for (int i = 0; i < level; i++) {
      if (path[i] == object) {
        put("(cycle)");
        return;
      }
    }
    if (level == depth) {
      put(object.getClass().getSimpleName());
      put("(...)");
      return;
    }
    path[level++] = object;
    try {
      print.run();
    } finally {
      level--;
    }
  }

  private void wrap(String name, @Nullable Object value) {
    put(name);
    put("[");
    print(value);
    put("]");
  }

  private void printArray(Object array) {
    int length = Array.getLength(array);
    put("[");
    for (int i = 0; i < length && !isFull(); i++) {
      if (i > 0) {
        put(", ");
      }
      if (i == elements) {
        putMore(length - elements);
        break;
      }
      print(Array.get(array, i));
    }
    put("]");
  }

  private void printMap(Map<?, ?> map) {
    printAll('{', map.entrySet().iterator(), map, '}');
  }

  private void printAll(char open, Iterator<?> iterator, Object whole, char close) {
    put(String.valueOf(open));
    try {
      printElements(iterator, whole);
    } catch (Throwable e) { // here, so that what is open is closed
      putFailure(e);
    }
    put(String.valueOf(close));
  }

  private void printElements(Iterator<?> iterator, Object whole) {
    int printed = 0;
    while (!isFull() && iterator.hasNext()) {
      if (printed > 0) {
        put(", ");
      }
      if (isFull()) {
        break;
      }
      if (printed == elements) {
        putMore(isCountedByWalking(whole) ? 0 : count(whole) - elements);
        break;
      }
      Object element = iterator.next();
      if (whole instanceof Map<?, ?> && element instanceof Map.Entry<?, ?> entry) {
        printEntry(entry);
      } else {
        print(element);
      }
      printed++;
    }
  }

  private void printCount(Collection<?> collection) {
    int count = collection.size();
    put("[");
    if (count > 0) {
      putMore(count);
    }
    put("]");
  }

  private static int count(Object whole) {
    return whole instanceof Map<?, ?> map ? map.size() : ((Collection<?>) whole).size();
  }

  /** Returns whether the JDK copies all elements to walk through the first. */
  private static boolean isCopiedToWalk(Object object) {
    return object instanceof PriorityBlockingQueue<?> || object instanceof DelayQueue<?>;
  }

  /** Returns whether the JDK walks through all elements to count them, as in linked queues and in ranges of sorted sets and maps. */
  private static boolean isCountedByWalking(Object whole) {
    String type = whole.getClass().getName();
    return whole instanceof ConcurrentLinkedQueue<?> || whole instanceof ConcurrentLinkedDeque<?> || whole instanceof LinkedTransferQueue<?>
        || whole instanceof TreeSet<?> || whole instanceof ConcurrentSkipListSet<?> // may be ranges
        || type.startsWith("java.util.TreeMap$") || type.startsWith("java.util.concurrent.ConcurrentSkipListMap$");
  }

  private void printEntry(Map.Entry<?, ?> entry) {
    print(entry.getKey());
    put("=");
    if (isFull()) {
      cut = true;
    } else {
      print(entry.getValue());
    }
  }

  private void putMore(int more) {
    put(MORE);
    if (more > 0) { // or it is not known, or others changed it meanwhile
      put(" " + more + " more");
    }
  }

  private void printRecord(Object object) {
    RecordComponent[] components = object.getClass().getRecordComponents();
    put(object.getClass().getSimpleName());
    put("[");
    int printed = 0;
    for (RecordComponent component : components) {
      if (isFull()) {
        break;
      }
      if (printed > 0) {
        put(", ");
      }
      if (printed == elements) {
        putMore(components.length - elements);
        break;
      }
      put(component.getName());
      put("=");
      printComponent(object, component);
      printed++;
    }
    put("]");
  }

  private void printComponent(Object object, RecordComponent component) {
    if (isFull()) {
      cut = true;
      return;
    }
    Method accessor = component.getAccessor();
    try {
      accessor.setAccessible(true);
      print(accessor.invoke(object));
    } catch (InvocationTargetException e) {
      putFailure(e.getTargetException());
    } catch (IllegalAccessException | InaccessibleObjectException e) { // of a module that is not open to us
      put("?");
    }
  }
}
