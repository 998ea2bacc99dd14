package leaksafe.lint.internal.facts;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The facts of class files, kept in one file between runs under the SHA-256 of the class file's bytes.
 *
 * <p>What is kept is valid for one set of known types: which classes are collections can depend on classes beside them, so another set
 * ({@link TypeTable#fingerprint()}) empties the cache. The file carries its own SHA-256; one that does not match is told and ignored.
 *
 * <p><b>Bound.</b> At most {@value #MOST_BYTES} bytes of facts, those of the last run first.
 * <p><b>Threads.</b> {@link #get} and {@link #put} can be called by many threads.
 */
public final class FactsCache {
  private static final int MAGIC = 0x4c534c46;
  static final long MOST_BYTES = 64L << 20;

  private final Path file;
  private final byte[] fingerprint;
  private final Consumer<String> warnings;
  private final Map<String, byte[]> old = new LinkedHashMap<>();
  private final ConcurrentHashMap<String, byte[]> used = new ConcurrentHashMap<>();

  private FactsCache(Path file, byte[] fingerprint, Consumer<String> warnings) {
    this.file = file;
    this.fingerprint = fingerprint;
    this.warnings = warnings;
  }

  /** Opens a cache; it is empty if there is no such file, if it was written for other types, or, with a warning, if it is damaged. */
  public static FactsCache open(Path file, TypeTable types, Consumer<String> warnings) {
    FactsCache cache = new FactsCache(file, types.fingerprint(), warnings);
    if (Files.exists(file)) {
      try {
        cache.read();
      } catch (IOException e) {
        cache.old.clear();
        warnings.accept(file + ": not a cache that can be used, all classes are read anew: " + e.getMessage());
      }
    }
    return cache;
  }

  /** Returns the key of a class file. */
  public static String key(byte[] classFile) {
    return HexFormat.of().formatHex(sha256().digest(classFile));
  }

  /** Returns the facts of a class file, if they are known. */
  public @Nullable ClassFacts get(String key) {
    byte[] bytes = old.get(key);
    if (bytes == null) {
      return null;
    }
    try {
      ClassFacts facts = FactsCodec.decode(bytes);
      used.put(key, bytes);
      return facts;
    } catch (IOException | RuntimeException e) {
      warnings.accept(file + ": the facts of class file " + key + " cannot be used, it is read anew: " + e.getMessage());
      return null;
    }
  }

  /** Remembers the facts of a class file. */
  public void put(String key, ClassFacts facts) {
    used.put(key, FactsCodec.encode(facts));
  }

  /** Writes the file in one step: whoever reads it sees the old or the new one. A failure is told and changes nothing. */
  public void save() {
    Map<String, byte[]> kept = new LinkedHashMap<>();
    long bytes = 0;
    for (String key : used.keySet().stream().sorted().toList()) {
      bytes += add(kept, key, used.get(key), bytes);
    }
    for (Map.Entry<String, byte[]> entry : old.entrySet()) {
      bytes += kept.containsKey(entry.getKey()) ? 0 : add(kept, entry.getKey(), entry.getValue(), bytes);
    }
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Path temporary = Files.createTempFile(folder, "leaksafe-lint", ".cache");
      try {
        write(temporary, kept);
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      warnings.accept(file + ": the cache cannot be written: " + e);
    }
  }

  private static long add(Map<String, byte[]> kept, String key, byte @Nullable [] value, long bytes) {
    if (value == null || bytes + value.length > MOST_BYTES) {
      return 0;
    }
    kept.put(key, value);
    return value.length;
  }

  private void read() throws IOException {
    MessageDigest digest = sha256();
    try (DataInputStream in = new DataInputStream(new DigestInputStream(new BufferedInputStream(Files.newInputStream(file)), digest))) {
      if (in.readInt() != MAGIC || in.readInt() != FactsCodec.FORMAT) {
        throw new IOException("it does not begin as one of this version does");
      }
      boolean same = Arrays.equals(in.readNBytes(fingerprint.length), fingerprint);
      int count = in.readInt();
      long bytes = 0;
      for (int i = 0; i < count; i++) {
        String key = HexFormat.of().formatHex(in.readNBytes(32));
        int length = in.readInt();
        bytes += length;
        if (length < 0 || bytes > MOST_BYTES) {
          throw new IOException("entry " + i + " claims " + length + " bytes");
        }
        byte[] value = in.readNBytes(length);
        if (same) {
          old.put(key, value);
        }
      }
      byte[] computed = digest.digest();
      if (!Arrays.equals(in.readNBytes(32), computed)) {
        throw new IOException("its check sum does not match");
      }
    } catch (java.io.EOFException e) {
      throw new IOException("it is broken off", e);
    }
  }

  private void write(Path to, Map<String, byte[]> entries) throws IOException {
    MessageDigest digest = sha256();
    try (DataOutputStream out = new DataOutputStream(new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(to)), digest))) {
      out.writeInt(MAGIC);
      out.writeInt(FactsCodec.FORMAT);
      out.write(fingerprint);
      out.writeInt(entries.size());
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.write(HexFormat.of().parseHex(entry.getKey()));
        out.writeInt(entry.getValue().length);
        out.write(entry.getValue());
      }
      out.write(digest.digest());
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
