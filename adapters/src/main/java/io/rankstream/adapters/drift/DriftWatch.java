package io.rankstream.adapters.drift;

import java.util.Optional;

/** Watches one adapter's stream for a change for the worse. For one thread. */
public final class DriftWatch {

    private final Watched watched;
    private final double runLength;
    private long examples;
    private Recent recent;
    private DriftDetector detector;
    private long alarms;
    private Optional<DriftAlarm> last;

    /**
     * @param runLength examples the detector shall run on average until a false alarm, more than 1
     */
    public DriftWatch(DriftState state, double runLength) {
        this.watched = state.watched();
        this.runLength = runLength;
        this.examples = state.examples();
        this.recent = new Recent(state.recent());
        this.detector = state.detector().restore(runLength);
        this.alarms = state.alarms();
        this.last = state.last();
    }

    /** What it is by now. */
    public DriftState state() {
        return new DriftState(watched, examples, recent.state(), detector.state(), alarms, last);
    }

    /**
     * Takes in what is seen of the next example, before it is learned from.
     *
     * @param value as {@link Watched} says
     * @return the alarm, where the detector fires
     * @throws IllegalArgumentException where it is no such value; then nothing has changed
     */
    public Optional<DriftAlarm> observe(double value) {
        watched.require(value);
        double surprise = surprise(value);
        examples++;
        Optional<Change> change = detector.observe(surprise);
        if (change.isEmpty()) {
            return Optional.empty();
        }
        Change found = change.get();
        recent = new Recent(RecentState.EMPTY);
        alarms++;
        last =
                Optional.of(
                        new DriftAlarm(
                                examples,
                                examples - found.examples() + 1,
                                found.before(),
                                found.since(),
                                detector.state().detector()));
        return last;
    }

    private double surprise(double value) {
        double badness = watched.badness(value);
        if (watched == Watched.ERRORS) {
            return badness;
        }
        boolean surprising = recent.exceeds(Watched.HIGH, badness);
        recent.add(badness);
        return surprising ? 1 : 0;
    }

    /** A change was announced: the new level is learned afresh, as after an alarm, without one. */
    public void expect() {
        recent = new Recent(RecentState.EMPTY);
        detector = detector.state().empty().restore(runLength);
    }
}
