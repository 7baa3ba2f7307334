package io.rankstream.ops.standing;

import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How one adapter has learned, step by step, in bounded memory: it begins with stretches of one
 * step, and whenever they are more than a limit, each becomes twice as long. Where one ends depends
 * on step numbers alone. For use by one thread.
 */
public final class LearningCurve {

    private final List<Stretch> stretches = new ArrayList<>();
    private int most;
    private long length = 1;
    private long rewritten;

    /**
     * @param most stretches that it has at most; half as many after each thinning
     */
    LearningCurve(int most) {
        this.most = most;
    }

    /**
     * Sets the limit anew.
     *
     * @return whether that made stretches longer
     */
    boolean limit(int fewer, long revision) {
        most = fewer;
        long before = length;
        thin(revision);
        return length != before;
    }

    /**
     * Takes in a step. One that is not after the last was taken again from an earlier checkpoint:
     * it replaces what came after that.
     *
     * @param revision number of this change of the projection
     * @return whether the adapter went back
     */
    boolean add(TrainingReport report, Instant time, long revision) {
        boolean back = takeBack(report.getStep(), revision);
        Stretch next = Stretch.of(report, time, revision);
        if (stretches.isEmpty()) {
            stretches.add(next);
            return back;
        }
        Stretch last = last();
        Stretch shared = next.sharingRanksOf(last);
        if (number(last.step()) == number(next.step())) {
            stretches.set(stretches.size() - 1, last.plus(shared));
        } else {
            stretches.add(shared);
            thin(revision);
        }
        return back;
    }

    private boolean takeBack(long step, long revision) {
        boolean back = !stretches.isEmpty() && last().step() >= step;
        if (back) {
            stretches.removeIf(stretch -> stretch.step() >= step);
            rewritten = revision;
        }
        return back;
    }

    private void thin(long revision) {
        if (stretches.size() <= most) {
            return;
        }
        length *= 2;
        List<Stretch> longer = new ArrayList<>();
        for (Stretch stretch : stretches) {
            int end = longer.size() - 1;
            if (end >= 0 && number(longer.get(end).step()) == number(stretch.step())) {
                longer.set(end, longer.get(end).plus(stretch));
            } else {
                longer.add(stretch);
            }
        }
        stretches.clear();
        stretches.addAll(longer);
        rewritten = revision;
        thin(revision);
    }

    private long number(long step) {
        return (step - 1) / length;
    }

    private Stretch last() {
        return stretches.get(stretches.size() - 1);
    }

    /** The stretches, the oldest first. */
    public List<Stretch> stretches() {
        return Collections.unmodifiableList(stretches);
    }

    /** Steps of a stretch. */
    public long length() {
        return length;
    }

    /** Number of the newest change after which more than its end was another. */
    public long rewritten() {
        return rewritten;
    }
}
