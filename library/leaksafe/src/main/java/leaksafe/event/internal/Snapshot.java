package leaksafe.event.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import leaksafe.SuppressLeak;
import org.jspecify.annotations.Nullable;

/**
 * The entries that an event goes to, in the order of delivery, and the rows of those that stand beside each other and share a plain binding. So
 * dispatch looks at the handler once a row, and at nothing but the owner for each entry.
 *
 * <p>The binding is the row's and not looked up in an entry, for an entry that ends forgets it. That an entry has ended is seen by its having
 * no owner any more.
 */
final class Snapshot {
  final Entry[] entries;
  final Row[] rows;

  /** The handler if there is one row, of a plain binding that holds it strongly: the usual case, which so needs to go through four objects less. */
  final @Nullable BiConsumer<Object, Object> onlyHandler;

  /** The entry of the only handler if it is one alone: no array to go through, and no loop to begin. */
  @SuppressLeak(rule = "LS050", reason = "the entry is its subscriber's to close; a snapshot only goes through it")
  final @Nullable Entry onlyEntry;

  /** Entries up to an index; the row begins where the one before ends. One whose binding is not plain has one entry. */
  record Row(Binding binding, int end) {}

  private Snapshot(Entry[] entries, Row[] rows) {
    this.entries = entries;
    this.rows = rows;
    this.onlyHandler = rows.length == 1 && rows[0].binding.isPlain() ? rows[0].binding.handler.strong() : null;
    this.onlyEntry = onlyHandler != null && entries.length == 1 ? entries[0] : null;
  }

  /** Returns the snapshot of a list, without those entries that have ended. */
  static Snapshot of(List<Entry> list) {
    List<Entry> entries = new ArrayList<>(list.size());
    List<Row> rows = new ArrayList<>();
    Binding last = null;
    for (Entry entry : list) {
      Binding binding = entry.binding;
      if (binding == null) {
        continue;
      }
      entries.add(entry);
      Row row = new Row(binding, entries.size());
      if (binding == last && binding.isPlain()) {
        rows.set(rows.size() - 1, row);
      } else {
        rows.add(row);
      }
      last = binding;
    }
    return new Snapshot(entries.toArray(new Entry[0]), rows.toArray(new Row[0]));
  }
}
