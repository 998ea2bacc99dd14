package leaksafe.watch.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingStream;
import leaksafe.watch.AllocationSite;
import leaksafe.watch.LiveObject;
import org.jspecify.annotations.Nullable;

/**
 * The flight recorder's stream of sampled allocations, and a recording of old objects beside it, since those come with a dump and not with
 * the stream. See {@link DetachedRecordings} for why both can be dropped.
 */
public final class AllocationStream {
  private static final String ALLOCATION = "jdk.ObjectAllocationSample";
  private static final String OLD_OBJECT = "jdk.OldObjectSample";

  private final SiteTable table;
  private final RecordingStream stream;
  private final @Nullable Recording oldObjects;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean closed; // written under the lock

  private AllocationStream(SiteTable table, RecordingStream stream, @Nullable Recording oldObjects) {
    this.table = table;
    this.stream = stream;
    this.oldObjects = oldObjects;
  }

  /** Starts to record. */
  public static AllocationStream start(int maximumSites, int frames, int samplesPerSecond, boolean withOldObjects) {
    SiteTable table = new SiteTable(maximumSites, frames);
    RecordingStream stream = DetachedRecordings.stream();
    Recording recording = null;
    try {
      stream.setReuse(true);
      stream.setMaxAge(Duration.ofMinutes(1));
      stream.enable(ALLOCATION).withStackTrace().with("throttle", samplesPerSecond + "/s");
      if (withOldObjects) {
        recording = DetachedRecordings.recording();
        recording.setName("leaksafe old objects");
        recording.setMaxSize(16 << 20);
        recording.enable(OLD_OBJECT).withStackTrace().with("cutoff", "infinity");
        recording.start();
      }
      DetachedRecordings.run(stream, ALLOCATION, table, recording);
      return new AllocationStream(table, stream, recording);
    } catch (RuntimeException e) {
      stream.close();
      if (recording != null) {
        recording.close();
      }
      throw e;
    }
  }

  /** Returns what was counted so far. */
  public List<AllocationSite> sites() {
    checkOpen();
    return table.sites();
  }

  /** Returns samples of what is still there. */
  public List<LiveObject> alive() {
    lock.lock();
    try {
      checkOpen();
      if (oldObjects == null) {
        throw new IllegalStateException("this allocation recorder was built with oldObjects(false): it does not know what is still there");
      }
      return OldObjects.dump(oldObjects);
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this allocation recorder is closed");
    }
  }

  /** Ends. */
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      stream.close();
      if (oldObjects != null) {
        oldObjects.enable(OLD_OBJECT).with("cutoff", "0 ns"); // or it would walk the heap once more
        oldObjects.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
