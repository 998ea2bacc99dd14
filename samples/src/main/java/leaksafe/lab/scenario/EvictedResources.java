package leaksafe.lab.scenario;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.Lease;
import leaksafe.cache.LeaseCache;
import leaksafe.lab.Scenario;
import leaksafe.lab.input.JdkClass;
import leaksafe.lab.run.Stage;

/**
 * A bounded cache of open readers. What it evicts nobody closes, since somebody may be using it; and if the cache closed it, it would be
 * closed under its user's hands.
 */
public final class EvictedResources implements Scenario {

  /** Keeps its open readers, as a connection its statements and a file system its streams. */
  static final class Archive {
    private final Set<Reader> open = ConcurrentHashMap.newKeySet();

    Reader open(JdkClass input) {
      Reader reader = new Reader(this, input);
      open.add(reader);
      return reader;
    }
  }

  /** Must be closed, and not be used after that. */
  static final class Reader implements AutoCloseable {
    private final Archive archive;
    private final JdkClass input;

    Reader(Archive archive, JdkClass input) {
      this.archive = archive;
      this.input = input;
    }

    int read() {
      if (!archive.open.contains(this)) {
        throw new IllegalStateException("the reader of " + input.id() + " was closed while it was used");
      }
      return input.bytes().length;
    }

    @Override
    public void close() {
      archive.open.remove(this);
    }
  }

  private static final Archive ARCHIVE = new Archive();

  private static final class AdHoc {
    // @start region="ad-hoc"
    static final Map<String, Reader> READERS = new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Reader> eldest) {
        return size() > 50; // bounded; but is anybody using it? and who closes it?
      }
    };

    static synchronized int read(JdkClass input) {
      return READERS.computeIfAbsent(input.id(), id -> ARCHIVE.open(input)).read();
    }
    // @end
  }

  private static final class Ours {
    // @start region="leaksafe"
    static final LeaseCache<String, Reader> READERS = LeaseCache.<String, Reader>builder().name("readers").maximumOpen(50).build();

    static int read(JdkClass input) throws InterruptedException {
      try (Lease<Reader> reader = READERS.acquire(input.id(), id -> ARCHIVE.open(input))) {
        return reader.get().read(); // what is evicted is closed when its last lease is
      }
    }
    // @end
  }

  @Override
  public String name() {
    return "evicted-open";
  }

  @Override
  public String title() {
    return "Evicted resources that nobody closes";
  }

  @Override
  public String summary() {
    return "A bounded map of open readers evicts them without closing them, as it cannot know whether somebody uses them.";
  }

  @Override
  public String culprit() {
    return Reader.class.getName();
  }

  @Override
  public void adHoc(Stage stage) throws Exception {
    stage.forEachClass(AdHoc::read);
  }

  @Override
  public void leaksafe(Stage stage) throws Exception {
    stage.forEachClass(Ours::read);
  }
}
