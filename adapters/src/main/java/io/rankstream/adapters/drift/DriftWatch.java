package io.rankstream.adapters.drift;

import io.rankstream.adapters.drift.detector.ChangeDetector;
import io.rankstream.adapters.drift.detector.LossQuantile;
import io.rankstream.adapters.drift.detector.Rise;
import io.rankstream.adapters.drift.input.InputAlarm;
import io.rankstream.adapters.drift.input.InputWatch;
import io.rankstream.adapters.mixture.Mixture;
import java.util.List;
import java.util.Optional;

/** Looks for changes in what one adapter is given, and answers them. For one thread. */
public final class DriftWatch {

    private final DriftSettings settings;
    private final ChangeDetector detector;
    private final LossQuantile quantile;
    private final Relearning relearning;
    private final Optional<InputWatch> inputs;
    private AlarmLog alarms;
    private long examples;

    public DriftWatch(DriftState state, DriftSettings settings) {
        this.settings = settings;
        this.detector = ChangeDetector.of(state.detector(), settings.runLength());
        this.quantile = new LossQuantile(state.lossQuantile());
        this.relearning = new Relearning(state.recent());
        this.inputs = state.inputs().map(known -> new InputWatch(known, settings.runLength()));
        this.alarms = state.alarms();
        this.examples = state.examples();
    }

    /** What it is by now. */
    public DriftState state() {
        return new DriftState(
                examples,
                detector.state(),
                quantile.logarithm(),
                alarms,
                relearning.state(),
                inputs.map(InputWatch::state));
    }

    /** What it has found so far. */
    public DriftStanding standing() {
        return DriftStanding.of(alarms, detector.state());
    }

    /** Its alarms so far. */
    public AlarmLog alarms() {
        return alarms;
    }

    /** Whether it is to be told of inputs. */
    public boolean watchesInputs() {
        return inputs.isPresent();
    }

    /**
     * An input has come, with a label or without; only of one that {@link #watchesInputs}.
     *
     * @param probability that the adapter gives what it says; NaN where it gives none
     * @param vector what its heads read of it
     */
    public List<InputAlarm> saw(double probability, float[] vector) {
        return inputs.orElseThrow().saw(probability, vector);
    }

    /** An example of a task of labels was predicted, right or wrong. */
    public Optional<DriftAlarm> predicted(boolean right) {
        return settings.watches() ? observe(!right, ChangeDetector.RAREST) : Optional.empty();
    }

    /**
     * An example of another task was predicted.
     *
     * @param loss of the prediction, finite
     */
    public Optional<DriftAlarm> predicted(double loss) {
        return settings.watches()
                ? observe(quantile.isExceededBy(loss, examples + 1), LossQuantile.LARGER)
                : Optional.empty();
    }

    private Optional<DriftAlarm> observe(boolean surprise, double leastUsual) {
        examples++;
        Optional<DriftAlarm> alarm = detector.observe(surprise, leastUsual).map(this::alarm);
        alarm.ifPresent(raised -> alarms = alarms.with(raised));
        return alarm;
    }

    private DriftAlarm alarm(Rise rise) {
        return new DriftAlarm(examples, examples - rise.length() + 1, rise.before(), rise.since());
    }

    /**
     * A mixture has learned the example that was {@link #predicted} just now; where that raised an
     * alarm, it answers.
     *
     * @param vector what the heads read of it
     * @param rows those of the labels in use
     * @param row that of its label
     */
    public void learned(
            Mixture mixture, float[] vector, int[] rows, int row, Optional<DriftAlarm> alarm) {
        if (settings.mode() == DriftMode.ANSWER) {
            relearning.learned(mixture, vector, rows, row);
            alarm.ifPresent(
                    raised ->
                            relearning.begin(
                                    mixture,
                                    (int) (raised.example() - raised.beginning() + 1),
                                    rows));
        }
    }

    /**
     * Takes notice that the stream changes now: the new share of surprises is taken as it comes.
     *
     * @param mixture of the adapter, which answers; empty of one without
     */
    public void expect(Optional<Mixture> mixture) {
        detector.begin();
        inputs.ifPresent(InputWatch::expect);
        if (settings.mode() == DriftMode.ANSWER) {
            mixture.ifPresent(relearning::expect);
        }
    }

    /**
     * The newest alarm was right.
     *
     * @throws IllegalStateException if there is none, or something was said of it
     */
    public void confirm() {
        requireOpen();
        alarms = alarms.confirmed();
    }

    /**
     * The newest alarm was false: what was usual before it still is, and is not relearned any more.
     *
     * @throws IllegalStateException if there is none, or something was said of it
     */
    public void dismiss() {
        requireOpen();
        detector.expect(alarms.last().orElseThrow().before());
        relearning.end();
        alarms = alarms.asDismissed();
    }

    private void requireOpen() {
        if (!alarms.isOpen()) {
            throw new IllegalStateException("no alarm is open: " + alarms);
        }
    }
}
