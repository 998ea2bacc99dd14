package leaksafe.logging;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.BasicMarkerFactory;

/** Makes the markers of an event of Logback into such as have a name and references alone: there are some that hold what is logged. */
@SuppressWarnings("deprecation") // references are to go one day; until then filters ask for them
final class TextMarkers {
  private static final int DEPTH = 8;
  private static final int MOST = 100; // references in all, since where each refers to each there are more ways than can be walked
  private static final IMarkerFactory MARKERS = new BasicMarkerFactory(); // keeps no detached marker

  private int left = MOST;

  private TextMarkers() {}

  /** Returns a marker of the same name and with the same references, as far as they are not above it. */
  static Marker text(Marker marker) {
    return new TextMarkers().text(marker, List.of());
  }

  private Marker text(Marker marker, List<String> above) {
    String name = String.valueOf(marker.getName());
    Marker text = MARKERS.getDetachedMarker(name);
    List<String> path = Stream.concat(above.stream(), Stream.of(name)).toList();
    if (path.size() < DEPTH && marker.hasReferences()) {
      for (Iterator<Marker> references = marker.iterator(); left > 0 && references.hasNext(); left--) {
        Marker reference = references.next();
        if (!path.contains(String.valueOf(reference.getName()))) {
          text.add(text(reference, path));
        }
      }
    }
    return text;
  }
}
