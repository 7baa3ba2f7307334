package io.rankstream.adapters.drift.input;

import io.rankstream.adapters.drift.detector.ChangeDetector;
import io.rankstream.adapters.drift.detector.ErrorCusum;
import io.rankstream.adapters.drift.detector.LossQuantile;
import io.rankstream.adapters.drift.detector.Rise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for changes in inputs by what the adapter makes of them, before any label is looked at.
 * Unusual is
 *
 * <ul>
 *   <li>a <b>confidence</b> below nine tenths of those before,
 *   <li>a <b>vector</b> that is nearer to the mean of the newest few than to that of a longer time.
 *       While nothing changes, both means are the same but for chance. After a change, the newest
 *       one is soon among the new vectors.
 * </ul>
 *
 * <p>Bets tell that such inputs have become more frequent; an adaptive window, tried on the same
 * confidences, found fewer of the changes there were. What is found is advice: nothing is learned
 * otherwise for it. For one thread.
 */
public final class InputWatch {

    /** So many newest vectors are the newest mean, older ones for less. */
    private static final int NEWEST = 32;

    /** The same of the older mean. */
    private static final int OLDER = 1000;

    private final LossQuantile doubt;
    private final ErrorCusum confidence;
    private final ErrorCusum embedding;
    private long inputs;
    private long vectors;
    private float[] newest;
    private float[] older;

    /**
     * @param runLength inputs that are expected at least between two false alarms of each signal
     */
    public InputWatch(InputState state, long runLength) {
        this.doubt = new LossQuantile(state.doubt());
        this.confidence = new ErrorCusum(state.confidence(), runLength);
        this.embedding = new ErrorCusum(state.embedding(), runLength);
        this.inputs = state.inputs();
        this.vectors = state.vectors();
        this.newest = state.newest().clone();
        this.older = state.older().clone();
    }

    /** What it is by now. */
    public InputState state() {
        return new InputState(
                inputs,
                doubt.logarithm(),
                confidence.state(),
                vectors,
                newest.clone(),
                older.clone(),
                embedding.state());
    }

    /**
     * Takes one input.
     *
     * @param probability that the adapter gives what it says, 0 to 1; NaN where it gives none
     * @param vector that its heads read, finite
     * @return at most one alarm of each signal
     */
    public List<InputAlarm> saw(double probability, float[] vector) {
        inputs++;
        List<InputAlarm> alarms = new ArrayList<>();
        if (!Double.isNaN(probability)) {
            boolean doubtful =
                    doubt.isExceededBy(
                            -StrictMath.log(Math.max(probability, Double.MIN_NORMAL)), inputs);
            tell(confidence.observe(doubtful, LossQuantile.LARGER), InputSignal.CONFIDENCE, alarms);
        }
        if (vectors == 0) {
            newest = new float[vector.length];
            older = new float[vector.length];
        }
        boolean nearNewest =
                vectors > 0 && squaredDistance(vector, newest) < squaredDistance(vector, older);
        Optional<Rise> moved = embedding.observe(nearNewest, ChangeDetector.RAREST);
        vectors++;
        move(newest, vector, NEWEST);
        move(older, vector, OLDER);
        tell(moved, InputSignal.EMBEDDING, alarms);
        if (moved.isPresent()) {
            takeNewestForOlder();
        }
        return alarms;
    }

    private void tell(Optional<Rise> rise, InputSignal signal, List<InputAlarm> alarms) {
        rise.ifPresent(
                found ->
                        alarms.add(
                                new InputAlarm(
                                        signal,
                                        inputs,
                                        inputs - found.length() + 1,
                                        found.before(),
                                        found.since())));
    }

    private static double squaredDistance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = one[i] - other[i];
            sum += difference * difference;
        }
        return sum;
    }

    private void move(float[] mean, float[] to, int most) {
        float share = 1f / Math.min(vectors, most);
        for (int i = 0; i < mean.length; i++) {
            mean[i] += share * (to[i] - mean[i]);
        }
    }

    private void takeNewestForOlder() {
        older = newest.clone();
        vectors = Math.min(vectors, NEWEST);
    }

    /** Takes notice that inputs change now: what comes is taken as it is. */
    public void expect() {
        confidence.begin();
        embedding.begin();
        takeNewestForOlder();
    }
}
