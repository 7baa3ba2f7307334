package io.rankstream.ops.standing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How the estimate of an adapter's quality has moved, in bounded memory: whenever there are too
 * many points, every second one goes, and the newest stays. For use by one thread.
 */
public final class QualityCurve {

    private final List<QualityPoint> points = new ArrayList<>();
    private int most;

    /**
     * @param most points that it has at most
     */
    QualityCurve(int most) {
        this.most = most;
    }

    /** Sets the limit anew. */
    void limit(int fewer) {
        most = fewer;
        thin();
    }

    /**
     * Takes in an estimate. One of a window that does not end after the last was made anew, from an
     * earlier checkpoint: it replaces what came after that.
     */
    void add(QualityPoint point) {
        points.removeIf(known -> !known.to().isBefore(point.to()));
        points.add(point);
        thin();
    }

    private void thin() {
        while (points.size() > most) {
            List<QualityPoint> kept = new ArrayList<>();
            for (int i = (points.size() - 1) % 2; i < points.size(); i += 2) {
                kept.add(points.get(i));
            }
            points.clear();
            points.addAll(kept);
        }
    }

    /** The points, the oldest first. */
    public List<QualityPoint> points() {
        return Collections.unmodifiableList(points);
    }
}
