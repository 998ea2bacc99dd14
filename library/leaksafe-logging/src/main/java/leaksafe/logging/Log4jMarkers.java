package leaksafe.logging;

import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.MarkerManager.Log4jMarker;
import org.jspecify.annotations.Nullable;

/** Makes the marker of an event of Log4j 2 into one that has a name and parents alone: Log4j's own are that, those of others may hold what is logged. */
final class Log4jMarkers {
  private static final int DEPTH = 8;
  private static final int MOST = 100; // parents in all, for where there are more ways up than can be walked

  private int left = MOST;

  private Log4jMarkers() {}

  /** Returns the marker itself if it and its parents are Log4j's own, or else one of the same name, with its parents as far as they are not too many. */
  static @Nullable Marker text(@Nullable Marker marker) {
    return marker == null ? null : new Log4jMarkers().text(marker, 0);
  }

  private Marker text(Marker marker, int depth) {
    Marker[] parents = marker.getParents();
    List<Marker> texts = new ArrayList<>();
    boolean same = marker.getClass() == Log4jMarker.class;
    for (int i = 0; parents != null && i < parents.length; i++) {
      if (depth == DEPTH || left-- <= 0) {
        same = false;
        break;
      }
      Marker text = text(parents[i], depth + 1);
      same &= text == parents[i];
      texts.add(text);
    }
    return same ? marker : new Log4jMarker(String.valueOf(marker.getName())).setParents(texts.toArray(new Marker[0]));
  }
}
