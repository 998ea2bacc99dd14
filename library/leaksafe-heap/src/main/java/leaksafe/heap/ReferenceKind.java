package leaksafe.heap;

/** The kinds of {@link java.lang.ref.Reference} whose referents an analysis may treat as held. */
public enum ReferenceKind {
  /** {@link java.lang.ref.SoftReference}: held until memory is short, so followed by default. */
  SOFT,
  /** {@link java.lang.ref.WeakReference}: not held, so not followed by default. */
  WEAK,
  /** {@link java.lang.ref.PhantomReference}: not held, so not followed by default. */
  PHANTOM,
  /** The references behind {@code finalize()}: their referents stay until the finalizer ran, so followed by default. */
  FINAL
}
