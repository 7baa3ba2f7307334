package io.rankstream.adapters.task.regression;

import io.rankstream.adapters.task.Scale;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How near the numbers of a regression were. Over all examples it keeps sums: errors and Pearson's
 * correlation are exact but for rounding. Spearman's takes the examples themselves, so it is told
 * of the newest {@value Score#WINDOW} alone, and exact there. Arrays are never modified after
 * construction.
 *
 * @param all sums over all examples
 * @param targets what was true of the newest examples, as a ring; that of example i (from 0) is at
 *     i mod {@value Score#WINDOW}, and there are as many as examples at most
 * @param said what was said of them
 */
public record RegressionScore(Moments all, double[] targets, double[] said)
        implements Score<Double> {

    /** Metric: mean squared error. */
    public static final String SQUARED_ERROR = "meanSquaredError";

    /** Metric: mean absolute error. */
    public static final String ABSOLUTE_ERROR = "meanAbsoluteError";

    /** Metric: Pearson's correlation of what was said with what was true. */
    public static final String PEARSON = "pearson";

    /** Metric of the newest examples: Spearman's correlation, that of their ranks. */
    public static final String SPEARMAN = "spearman";

    /** Metric: mean squared error of always saying the mean of what was true. */
    public static final String BASELINE = "baselineSquaredError";

    /** Metric: {@link #PEARSON} over the newest {@value #WINDOW}. */
    public static final String RECENT_PEARSON = "recentPearson";

    /** Metric: {@link #SPEARMAN} over the newest {@value #WINDOW}. */
    public static final String RECENT_SPEARMAN = "recentSpearman";

    /** Metric: {@link #SQUARED_ERROR} over the newest {@value #WINDOW}. */
    public static final String RECENT_SQUARED_ERROR = "recentMeanSquaredError";

    static final RegressionScore EMPTY =
            new RegressionScore(Moments.NONE, new double[0], new double[0]);

    private static final int SUMS = Moments.NONE.sums().length;

    public RegressionScore {
        int newest = (int) Math.min(all.count(), WINDOW);
        Sizes.require("window of targets", targets.length, newest);
        Sizes.require("window of numbers said", said.length, newest);
    }

    static RegressionScore of(ScoreFields fields) {
        double[] sums = fields.reals("sums");
        Sizes.require("sums of the score", sums.length, SUMS);
        return new RegressionScore(
                Moments.of(fields.number("examples"), sums),
                fields.reals("targets"),
                fields.reals("said"));
    }

    @Override
    public Regression task() {
        return new Regression();
    }

    @Override
    public long examples() {
        return all.count();
    }

    @Override
    public RegressionScore plus(List<Double> newTargets, List<Double> newSaid) {
        Moments moments = all;
        for (int i = 0; i < newTargets.size(); i++) {
            moments = moments.plus(newTargets.get(i), newSaid.get(i));
        }
        return new RegressionScore(
                moments,
                ring(targets, all.count(), array(newTargets)),
                ring(said, all.count(), array(newSaid)));
    }

    @Override
    public RegressionScore followedBy(Score<Double> later) {
        RegressionScore more = (RegressionScore) later;
        int newest = more.targets.length;
        long before = all.count() + more.all.count() - newest;
        return new RegressionScore(
                all.plus(more.all),
                ring(targets, before, newest(more.targets, more.all.count(), newest)),
                ring(said, before, newest(more.said, more.all.count(), newest)));
    }

    /**
     * @param ring the newest of {@code before} examples, or of fewer if {@code values} replace the
     *     others
     */
    private static double[] ring(double[] ring, long before, double[] values) {
        double[] next = Arrays.copyOf(ring, (int) Math.min(before + values.length, WINDOW));
        for (int i = 0; i < values.length; i++) {
            next[(int) ((before + i) % WINDOW)] = values[i];
        }
        return next;
    }

    /** The last {@code count} of {@code examples} in their order. */
    private static double[] newest(double[] ring, long examples, int count) {
        double[] newest = new double[count];
        for (int i = 0; i < count; i++) {
            newest[i] = ring[(int) ((examples - count + i) % WINDOW)];
        }
        return newest;
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** There are none. */
    @Override
    public long[] labelCounts() {
        return new long[0];
    }

    @Override
    public RegressionScore withLabels(int labels) {
        return this;
    }

    @Override
    public boolean fits(int labels) {
        return labels == 0;
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (all.count() > 0) {
            Moments recent = recentMoments(WINDOW);
            put(metrics, PEARSON, all.pearson());
            put(metrics, RECENT_PEARSON, recent.pearson());
            put(metrics, RECENT_SPEARMAN, spearman(WINDOW));
            put(metrics, ABSOLUTE_ERROR, all.meanAbsoluteError());
            put(metrics, "recentMeanAbsoluteError", recent.meanAbsoluteError());
            put(metrics, SQUARED_ERROR, all.meanSquaredError());
            put(metrics, RECENT_SQUARED_ERROR, recent.meanSquaredError());
            put(metrics, BASELINE, all.baselineSquaredError());
        }
        return metrics;
    }

    private static void put(Map<String, Double> metrics, String name, double value) {
        if (Double.isFinite(value)) {
            metrics.put(name, value);
        }
    }

    @Override
    public OptionalDouble recent(String name, int newest) {
        if (all.count() == 0) {
            return OptionalDouble.empty();
        }
        double value =
                switch (name) {
                    case PEARSON -> recentMoments(newest).pearson();
                    case SPEARMAN -> spearman(newest);
                    case ABSOLUTE_ERROR -> recentMoments(newest).meanAbsoluteError();
                    case SQUARED_ERROR -> recentMoments(newest).meanSquaredError();
                    case BASELINE -> recentMoments(newest).baselineSquaredError();
                    default -> Double.NaN;
                };
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** Mean and spread of what was true of the newest examples, at least one. */
    Scale scale() {
        return recentMoments(WINDOW).scaleOfTargets();
    }

    private Moments recentMoments(int newest) {
        int count = Math.min(newest, targets.length);
        return moments(newest(targets, all.count(), count), newest(said, all.count(), count));
    }

    private double spearman(int newest) {
        int count = Math.min(newest, targets.length);
        return moments(
                        Ranks.of(newest(targets, all.count(), count)),
                        Ranks.of(newest(said, all.count(), count)))
                .pearson();
    }

    private static Moments moments(double[] targets, double[] said) {
        Moments moments = Moments.NONE;
        for (int i = 0; i < targets.length; i++) {
            moments = moments.plus(targets[i], said[i]);
        }
        return moments;
    }

    @Override
    public Map<String, Object> counts(List<String> labels) {
        return Map.of();
    }

    @Override
    public ScoreFields fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("examples", all.count());
        fields.put("sums", all.sums());
        fields.put("targets", targets);
        fields.put("said", said);
        return new ScoreFields(fields);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RegressionScore that
                && all.equals(that.all)
                && Arrays.equals(targets, that.targets)
                && Arrays.equals(said, that.said);
    }

    @Override
    public int hashCode() {
        return Objects.hash(all, Arrays.hashCode(targets), Arrays.hashCode(said));
    }
}
