package leaksafe.lint.internal.facts;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which names of the JDK and of well-known libraries mean what to a collection, a thread-local or an executor. Users add to it by a
 * properties file.
 */
public final class Vocabulary {

  /** What kind of object a type is, as far as the rules care. */
  public enum Category {
    NONE,
    COLLECTION,
    /** Text that is built up: a StringBuilder. Followed in fields only. */
    TEXT,
    ITERATOR,
    THREAD_LOCAL,
    EXECUTOR,
    /** What {@code Cleaner.register} takes and gives; followed because it is closed by hand. */
    OWNED,
    /** Something that builds a collection and decides about its bound. */
    BUILDER
  }

  private static final Map<String, Category> JDK_AND_LIBRARIES = new HashMap<>();

  static {
    put(Category.COLLECTION, "java/util/",
        "Map HashMap LinkedHashMap TreeMap Hashtable IdentityHashMap EnumMap SortedMap NavigableMap SequencedMap Properties WeakHashMap "
            + "AbstractMap Collection List ArrayList LinkedList Vector Stack AbstractList AbstractSequentialList AbstractCollection "
            + "SequencedCollection Set HashSet LinkedHashSet TreeSet SortedSet NavigableSet SequencedSet EnumSet AbstractSet Queue Deque "
            + "AbstractQueue ArrayDeque PriorityQueue Dictionary");
    put(Category.COLLECTION, "java/util/concurrent/",
        "ConcurrentMap ConcurrentHashMap ConcurrentNavigableMap ConcurrentSkipListMap ConcurrentSkipListSet ConcurrentLinkedQueue "
            + "ConcurrentLinkedDeque CopyOnWriteArrayList CopyOnWriteArraySet BlockingQueue BlockingDeque LinkedBlockingQueue "
            + "LinkedBlockingDeque ArrayBlockingQueue PriorityBlockingQueue DelayQueue TransferQueue LinkedTransferQueue "
            + "ConcurrentHashMap$KeySetView");
    put(Category.COLLECTION, "com/google/common/collect/",
        "Multimap ListMultimap SetMultimap SortedSetMultimap HashMultimap ArrayListMultimap LinkedListMultimap LinkedHashMultimap "
            + "TreeMultimap BiMap HashBiMap Table HashBasedTable TreeBasedTable Multiset HashMultiset LinkedHashMultiset TreeMultiset "
            + "ConcurrentHashMultiset");
    put(Category.COLLECTION, "scala/collection/mutable/",
        "Map HashMap LinkedHashMap TreeMap AnyRefMap LongMap Set HashSet LinkedHashSet Buffer ListBuffer ArrayBuffer Queue ArrayDeque "
            + "Stack");
    put(Category.COLLECTION, "scala/collection/concurrent/", "Map TrieMap");
    put(Category.COLLECTION, "it/unimi/dsi/fastutil/objects/",
        "Object2ObjectMap Object2ObjectOpenHashMap Object2IntMap Object2IntOpenHashMap Object2LongMap Object2LongOpenHashMap ObjectList "
            + "ObjectArrayList ObjectSet ObjectOpenHashSet");
    put(Category.COLLECTION, "io/netty/util/collection/", "IntObjectMap IntObjectHashMap LongObjectMap LongObjectHashMap");
    put(Category.COLLECTION, "org/springframework/util/", "MultiValueMap LinkedMultiValueMap");
    // What gathers subscriptions to end them together keeps those that have ended by themselves.
    put(Category.COLLECTION, "reactor/core/", "Disposable$Composite");
    put(Category.COLLECTION, "io/reactivex/disposables/", "CompositeDisposable");
    put(Category.COLLECTION, "io/reactivex/rxjava3/disposables/", "CompositeDisposable");
    put(Category.COLLECTION, "rx/subscriptions/", "CompositeSubscription");
    put(Category.TEXT, "java/lang/", "StringBuilder StringBuffer");
    put(Category.ITERATOR, "java/util/", "Iterator ListIterator");
    put(Category.ITERATOR, "kotlin/collections/", "MutableIterator");
    put(Category.THREAD_LOCAL, "java/lang/", "ThreadLocal InheritableThreadLocal");
    put(Category.THREAD_LOCAL, "io/netty/util/concurrent/", "FastThreadLocal");
    put(Category.THREAD_LOCAL, "org/springframework/core/", "NamedThreadLocal NamedInheritableThreadLocal");
    put(Category.EXECUTOR, "java/util/concurrent/",
        "ExecutorService ScheduledExecutorService ThreadPoolExecutor ScheduledThreadPoolExecutor ForkJoinPool AbstractExecutorService");
    put(Category.EXECUTOR, "java/util/", "Timer");
    put(Category.OWNED, "leaksafe/", "Lease");
    put(Category.OWNED, "leaksafe/resource/", "Scope");
    put(Category.OWNED, "leaksafe/event/", "Subscription");
    put(Category.BUILDER, "com/google/common/collect/", "MapMaker");
    put(Category.BUILDER, "com/google/common/cache/", "CacheBuilder Cache LoadingCache");
    put(Category.BUILDER, "com/github/benmanes/caffeine/cache/", "Caffeine Cache LoadingCache");
  }

  private static final Set<String> GROWS = words(
      "add addAll addFirst addLast addElement insertElementAt addIfAbsent addAllAbsent offer offerFirst offerLast push put putAll "
          + "putIfAbsent putFirst putLast computeIfAbsent compute merge append insert forcePut replaceValues setProperty "
          + "$plus$eq addOne $plus$plus$eq getOrElseUpdate update prepend plusAssign");
  private static final Set<String> SHRINKS = words(
      "remove removeAll removeIf retainAll clear poll pollFirst pollLast pollFirstEntry pollLastEntry pop take takeFirst takeLast "
          + "drainTo removeFirst removeLast removeElement removeElementAt removeAllElements removeRange removeFirstOccurrence "
          + "removeLastOccurrence setLength delete deleteCharAt setSize invalidate invalidateAll computeIfPresent removeKey evict "
          + "getAndRemove removeAt $minus$eq subtractOne $minus$minus$eq dequeue filterInPlace");
  private static final Set<String> VIEWS = words(
      "keySet values entrySet iterator listIterator descendingMap descendingSet descendingKeySet navigableKeySet subList subMap headMap "
          + "tailMap subSet headSet tailSet descendingIterator reversed sequencedKeySet sequencedValues sequencedEntrySet asMap inverse "
          + "row column rowMap columnMap rowKeySet columnKeySet cellSet entries elementSet");
  private static final Set<String> SIZES = words("size mappingCount length isEmpty remainingCapacity");
  /** Passing a collection to these neither removes from it nor keeps it. */
  private static final Set<String> HARMLESS = words(
      "addAll putAll containsAll contains equals copyOf of join print println format unmodifiableMap unmodifiableSet unmodifiableList "
          + "unmodifiableCollection unmodifiableSortedMap unmodifiableSortedSet unmodifiableNavigableMap sort binarySearch max min "
          + "newSetFromMap synchronizedMap synchronizedSet synchronizedList synchronizedCollection list enumeration asList holdsLock "
          + "identityHashCode valueOf requireNonNull requireNonNullElse forEachRemaining toString hashCode");

  private final Map<String, Category> types;
  private final Set<String> extraShrinks;
  private final Set<String> boundedTypes;
  private final Set<String> smallDomains;

  private Vocabulary(Map<String, Category> types, Set<String> extraShrinks, Set<String> boundedTypes, Set<String> smallDomains) {
    this.types = types;
    this.extraShrinks = extraShrinks;
    this.boundedTypes = boundedTypes;
    this.smallDomains = smallDomains;
  }

  /**
   * Returns the built-in vocabulary with a user's additions.
   *
   * @param removalMethods names of methods that remove from a collection
   * @param boundedTypes internal names of types that bound themselves
   * @param smallDomains internal names of key types with few values
   */
  public static Vocabulary with(Set<String> removalMethods, Set<String> boundedTypes, Set<String> smallDomains) {
    return new Vocabulary(JDK_AND_LIBRARIES, Set.copyOf(removalMethods), Set.copyOf(boundedTypes), Set.copyOf(smallDomains));
  }

  /** Returns the category of a type by its name alone. */
  public Category categoryByName(String internalName) {
    return types.getOrDefault(internalName, Category.NONE);
  }

  /** Returns what a user added, in a fixed order. */
  String additions() {
    return new TreeSet<>(extraShrinks) + " " + new TreeSet<>(boundedTypes) + " " + new TreeSet<>(smallDomains) + "\n";
  }

  /** Returns whether collections of a type are meant for many threads. */
  public static boolean isConcurrent(String internalName) {
    return internalName.startsWith("java/util/concurrent/") || internalName.contains("Composite") && JDK_AND_LIBRARIES.containsKey(internalName);
  }

  public boolean grows(String method) {
    return GROWS.contains(method);
  }

  public boolean shrinks(String method) {
    return SHRINKS.contains(method) || extraShrinks.contains(method);
  }

  public boolean isView(String method) {
    return VIEWS.contains(method);
  }

  public boolean isSizeTest(String method) {
    return SIZES.contains(method);
  }

  public boolean isBoundedByConfiguration(String internalName) {
    return boundedTypes.contains(internalName);
  }

  public boolean isSmallDomainByConfiguration(String internalName) {
    return smallDomains.contains(internalName);
  }

  /** Returns whether a method outside of the class set leaves a collection that is passed to it alone. */
  public boolean isHarmless(String owner, String method) {
    if (owner.startsWith("java/")) {
      return method.equals("<init>") || HARMLESS.contains(method) || owner.equals("java/util/Objects") || owner.equals("java/lang/String")
          || owner.equals("java/lang/StringBuilder") || owner.equals("java/lang/StringBuffer") || owner.equals("java/io/PrintStream")
          || owner.startsWith("java/util/stream/");
    }
    if (owner.startsWith("kotlin/")) {
      return true;
    }
    String lower = method.toLowerCase(Locale.ROOT);
    return lower.startsWith("debug") || lower.startsWith("info") || lower.startsWith("warn") || lower.startsWith("trace")
        || lower.startsWith("error") || lower.equals("log") || owner.startsWith("com/google/common/base/")
        || owner.startsWith("com/google/common/collect/Immutable") || method.equals("assertThat")
        || owner.startsWith("com/google/common/collect/") && lower.startsWith("copyof");
  }

  private static void put(Category category, String prefix, String names) {
    for (String name : names.split(" ")) {
      JDK_AND_LIBRARIES.put(prefix + name, category);
    }
  }

  private static Set<String> words(String text) {
    return new HashSet<>(Arrays.asList(text.split(" ")));
  }
}
