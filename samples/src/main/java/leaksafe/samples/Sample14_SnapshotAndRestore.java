package leaksafe.samples;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leaksafe.cache.Cache;
import leaksafe.cache.CacheEntry;
import leaksafe.cache.CacheSnapshot;

/** The trouble: a restart empties the cache, and the database is overrun. The cure: a snapshot, in a form of one's own, hottest first. */
public final class Sample14_SnapshotAndRestore {

  private Sample14_SnapshotAndRestore() {}

  /** Shows the cure. */
  public static void main(String[] args) throws IOException {
    Cache<String, Integer> before = Cache.builder().maximumSize(1000).expireAfterWrite(Duration.ofHours(1)).build();
    for (int i = 0; i < 5000; i++) {
      before.get("key " + i % 100, String::length);
      before.get("seldom " + i, String::length);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    write(before.policy().snapshot(), file);
    System.out.println(before.estimatedSize() + " entries in " + file.size() + " bytes");

    Cache<String, Integer> after = Cache.builder().maximumSize(200).expireAfterWrite(Duration.ofHours(1)).build();
    int restored = after.policy().restore(read(new ByteArrayInputStream(file.toByteArray())));
    System.out.println(restored + " of them, the hottest, are back in a smaller cache; one expires in "
        + after.policy().expiresIn("key 1").orElseThrow().toMinutes() + " minutes");
  }

  private static void write(CacheSnapshot<String, Integer> snapshot, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeLong(snapshot.takenAt().toEpochMilli());
    data.writeInt(snapshot.entries().size());
    for (CacheEntry<String, Integer> entry : snapshot.entries()) {
      data.writeUTF(entry.key());
      data.writeInt(entry.value());
      data.writeLong(entry.expiresIn() == null ? Long.MAX_VALUE : entry.expiresIn().toMillis());
    }
  }

  private static CacheSnapshot<String, Integer> read(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    Instant takenAt = Instant.ofEpochMilli(data.readLong());
    List<CacheEntry<String, Integer>> entries = new ArrayList<>();
    for (int left = data.readInt(); left > 0; left--) {
      String key = data.readUTF();
      int value = data.readInt();
      long millis = data.readLong();
      Duration lifetime = millis == Long.MAX_VALUE ? null : Duration.ofMillis(millis);
      entries.add(new CacheEntry<>(key, value, lifetime, lifetime));
    }
    return new CacheSnapshot<>(takenAt, entries);
  }
}
