package leaksafe.resource.internal;

import java.util.ArrayDeque;

/**
 * Closes what a scope owns, and what the scopes inside of it own, from the top: with a stack of its own, for that of the thread could end some thousand
 * scopes deep, and whatever was not closed by then would stay.
 */
final class ClosingWalk {
  private final ArrayDeque<Level> outer = new ArrayDeque<>(0); // each waits for the one that is inside of it
  private Level level;

  private ClosingWalk(Level level) {
    this.level = level;
  }

  /** A scope whose closing this thread began. */
  private static final class Level {
    final ScopeState scope;
    final Closing pass;

    Level(ScopeState scope, Closing pass) {
      this.scope = scope;
      this.pass = pass;
    }
  }

  /** Closes everything in a scope; the failures are in the pass, which the caller has to end. */
  static void close(ScopeState scope, Closing pass) {
    ClosingWalk walk = new ClosingWalk(new Level(scope, pass));
    while (walk.step()) {
      // the next entry
    }
  }

  private boolean step() {
    Entry entry = level.scope.pop();
    if (entry != null) {
      close(entry);
      return true;
    }
    level.scope.end();
    Level inner = level;
    if (outer.isEmpty()) {
      return false;
    }
    level = outer.pop();
    level.pass.run((AutoCloseable) inner.pass::endAndThrow); // its failures are those of the scope that it is inside of
    return true;
  }

  private void close(Entry entry) {
    ScopeState inside = entry.scope();
    Closing pass = inside == null ? null : inside.beginClosing(level.pass);
    if (inside == null || pass == null) { // or it is being closed already
      level.pass.run(entry);
      return;
    }
    outer.push(level);
    level = new Level(inside, pass);
  }
}
