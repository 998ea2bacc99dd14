package leaksafe.bench.heap;

import java.nio.file.Path;

/** A library that answers questions to heap dumps. */
enum HeapTool {
  /** This project. */
  LEAKSAFE {
    @Override
    String paths(Path dump, String type) throws Exception {
      return leaksafe.heap.HeapDump.open(dump).why(type, 5).toText();
    }

    @Override
    String path(Path dump, long id) throws Exception {
      return leaksafe.heap.HeapDump.open(dump).why("0x" + Long.toHexString(id), 1).toText();
    }

    @Override
    String retained(Path dump, String type) throws Exception {
      return leaksafe.heap.HeapDump.open(dump).retained(20).toText();
    }
  },
  /** {@code com.squareup.leakcanary:shark}; each static field's value of the class is a target. */
  SHARK {
    @Override
    String paths(Path dump, String type) {
      return SharkAnswers.of(dump, type, false);
    }

    @Override
    String path(Path dump, long id) {
      return SharkAnswers.path(dump, id);
    }

    @Override
    String retained(Path dump, String type) {
      return SharkAnswers.of(dump, type, true);
    }
  },
  /** {@code org.netbeans.modules:org-netbeans-lib-profiler}. */
  NETBEANS {
    @Override
    String paths(Path dump, String type) throws Exception {
      return ProfilerAnswers.paths(dump, type);
    }

    @Override
    String path(Path dump, long id) throws Exception {
      return ProfilerAnswers.path(dump, id);
    }

    @Override
    String retained(Path dump, String type) throws Exception {
      return ProfilerAnswers.retained(dump, type);
    }
  },
  /** {@code org.gridkit.jvmtool:hprof-heap}, whose classes have the names of NetBeans': it needs a class path of its own. */
  GRIDKIT {
    @Override
    String paths(Path dump, String type) throws Exception {
      return ProfilerAnswers.paths(dump, type);
    }

    @Override
    String path(Path dump, long id) throws Exception {
      return ProfilerAnswers.path(dump, id);
    }

    @Override
    String retained(Path dump, String type) throws Exception {
      return ProfilerAnswers.retained(dump, type);
    }
  };

  /** Returns how the objects are held that the class holds in its static fields; leaksafe is asked for the class's instances. */
  abstract String paths(Path dump, String type) throws Exception;

  /** Returns how the object with the given id is held. */
  abstract String path(Path dump, long id) throws Exception;

  /** Returns what they hold. */
  abstract String retained(Path dump, String type) throws Exception;
}
