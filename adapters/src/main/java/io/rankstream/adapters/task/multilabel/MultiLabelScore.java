package io.rankstream.adapters.task.multilabel;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.task.classification.LabelCounts;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How many labels were said rightly. Over all examples it counts them label by label; of the newest
 * {@value Score#WINDOW} it keeps the counts of each example. Arrays are never modified after
 * construction.
 *
 * <p>F1 is that of scikit-learn's {@code f1_score}, with {@code average} as micro and as macro, and
 * Hamming loss that of its {@code hamming_loss}, both over the labels in use when an example was
 * scored; macro is over the labels that occurred or were said.
 *
 * @param examples examples scored
 * @param exact examples of which all labels were right
 * @param answers labels in use, summed over the examples: so often it was answered whether a text
 *     has a label
 * @param labelCounts examples that have each label, retired ones included
 * @param said examples of which each label was said
 * @param right those of both
 * @param newest counts of the newest examples as a ring, {@value #COUNTS} each: labels that it has,
 *     labels said of it, those of both, and labels in use; those of example i (from 0) begin at
 *     {@value #COUNTS} (i mod {@value Score#WINDOW}), and there are as many as examples at most
 */
public record MultiLabelScore(
        long examples,
        long exact,
        long answers,
        long[] labelCounts,
        long[] said,
        long[] right,
        long[] newest)
        implements Score<Tags> {

    /** Metric: share of examples of which all labels were right. */
    public static final String ACCURACY = PrequentialScore.ACCURACY;

    /** Metric: the same over the newest {@value #WINDOW}. */
    public static final String RECENT_ACCURACY = PrequentialScore.RECENT_ACCURACY;

    /** Metric: F1 of all labels together. */
    public static final String MICRO_F1 = "microF1";

    /** Metric: the same over the newest {@value #WINDOW}. */
    public static final String RECENT_MICRO_F1 = "recentMicroF1";

    /** Metric: mean of the F1 of each label that occurred or was said. */
    public static final String MACRO_F1 = PrequentialScore.MACRO_F1;

    /** Metric: share of wrong answers to whether a text has a label. */
    public static final String HAMMING_LOSS = "hammingLoss";

    /** Metric: the same over the newest {@value #WINDOW}. */
    public static final String RECENT_HAMMING_LOSS = "recentHammingLoss";

    /**
     * Metric: {@link #HAMMING_LOSS} of always saying the labels that more than half of all examples
     * turned out to have.
     */
    public static final String BASELINE = "baselineHammingLoss";

    private static final int COUNTS = 4;
    private static final int HAD = 0;
    private static final int SAID = 1;
    private static final int RIGHT = 2;
    private static final int IN_USE = 3;

    public MultiLabelScore {
        Sizes.require("counts of labels said", said.length, labelCounts.length);
        Sizes.require("counts of labels said rightly", right.length, labelCounts.length);
        Sizes.require("window of counts", newest.length, COUNTS * (int) Math.min(examples, WINDOW));
    }

    /** A score of no example. */
    static MultiLabelScore empty(int labels) {
        return new MultiLabelScore(
                0, 0, 0, new long[labels], new long[labels], new long[labels], new long[0]);
    }

    static MultiLabelScore of(ScoreFields fields) {
        MultiLabelScore score =
                new MultiLabelScore(
                        fields.number("examples"),
                        fields.number("exact"),
                        fields.number("answers"),
                        fields.numbers("labelCounts"),
                        fields.numbers("said"),
                        fields.numbers("right"),
                        fields.numbers("newest"));
        if (!score.isSound()) {
            throw new IllegalArgumentException(
                    "the score's counts contradict each other, expected no label said rightly more often than it was said or occurred, nor more often than there are %d examples"
                            .formatted(score.examples));
        }
        return score;
    }

    private boolean isSound() {
        boolean sound = exact >= 0 && exact <= examples && answers >= 0;
        for (int row = 0; row < right.length; row++) {
            sound &=
                    isSound(labelCounts[row], said[row], right[row])
                            && Math.max(labelCounts[row], said[row]) <= examples;
        }
        for (int i = 0; i < newest.length; i += COUNTS) {
            sound &= isSound(newest[i + HAD], newest[i + SAID], newest[i + RIGHT]);
            sound &= Math.max(newest[i + HAD], newest[i + SAID]) <= newest[i + IN_USE];
        }
        return sound;
    }

    private static boolean isSound(long had, long said, long right) {
        return right >= 0 && right <= Math.min(had, said);
    }

    @Override
    public MultiLabel task() {
        return new MultiLabel();
    }

    @Override
    public MultiLabelScore plus(List<Tags> targets, List<Tags> answered) {
        long[] had = labelCounts.clone();
        long[] spoken = said.clone();
        long[] hits = right.clone();
        long[] counts = new long[COUNTS * targets.size()];
        long wholly = exact;
        long asked = answers;
        for (int i = 0; i < targets.size(); i++) {
            Tags target = targets.get(i);
            List<Integer> both =
                    target.rows().stream().filter(answered.get(i).rows()::contains).toList();
            target.rows().forEach(row -> had[row]++);
            answered.get(i).rows().forEach(row -> spoken[row]++);
            both.forEach(row -> hits[row]++);
            wholly += target.rows().equals(answered.get(i).rows()) ? 1 : 0;
            asked += target.of();
            counts[COUNTS * i + HAD] = target.rows().size();
            counts[COUNTS * i + SAID] = answered.get(i).rows().size();
            counts[COUNTS * i + RIGHT] = both.size();
            counts[COUNTS * i + IN_USE] = target.of();
        }
        return new MultiLabelScore(
                examples + targets.size(),
                wholly,
                asked,
                had,
                spoken,
                hits,
                ring(newest, examples, counts));
    }

    @Override
    public MultiLabelScore followedBy(Score<Tags> later) {
        MultiLabelScore more = (MultiLabelScore) later;
        Sizes.require("counts of labels", more.labelCounts.length, labelCounts.length);
        int kept = more.newest.length / COUNTS;
        return new MultiLabelScore(
                examples + more.examples,
                exact + more.exact,
                answers + more.answers,
                sum(labelCounts, more.labelCounts),
                sum(said, more.said),
                sum(right, more.right),
                ring(newest, examples + more.examples - kept, more.newest(kept)));
    }

    private static long[] sum(long[] left, long[] right) {
        long[] sum = left.clone();
        Arrays.setAll(sum, row -> left[row] + right[row]);
        return sum;
    }

    /**
     * @param ring that of the newest of {@code before} examples, or of fewer if {@code counts}
     *     replace the others
     */
    private static long[] ring(long[] ring, long before, long[] counts) {
        int added = counts.length / COUNTS;
        long[] next = Arrays.copyOf(ring, COUNTS * (int) Math.min(before + added, WINDOW));
        for (int i = 0; i < added; i++) {
            int slot = (int) ((before + i) % WINDOW);
            System.arraycopy(counts, COUNTS * i, next, COUNTS * slot, COUNTS);
        }
        return next;
    }

    /** Counts of the last {@code count} examples in their order. */
    private long[] newest(int count) {
        long[] counts = new long[COUNTS * count];
        for (int i = 0; i < count; i++) {
            int slot = (int) ((examples - count + i) % WINDOW);
            System.arraycopy(newest, COUNTS * slot, counts, COUNTS * i, COUNTS);
        }
        return counts;
    }

    /** The same for {@code labels} labels, of which the new ones were never seen nor said. */
    @Override
    public MultiLabelScore withLabels(int labels) {
        return new MultiLabelScore(
                examples,
                exact,
                answers,
                Arrays.copyOf(labelCounts, labels),
                Arrays.copyOf(said, labels),
                Arrays.copyOf(right, labels),
                newest);
    }

    @Override
    public boolean fits(int labels) {
        return labelCounts.length == labels;
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (examples > 0) {
            Sums all =
                    new Sums(
                            examples,
                            exact,
                            Arrays.stream(labelCounts).sum(),
                            Arrays.stream(said).sum(),
                            Arrays.stream(right).sum(),
                            answers);
            Sums recent = recent(WINDOW);
            put(metrics, MICRO_F1, all.f1());
            put(metrics, RECENT_MICRO_F1, recent.f1());
            new LabelCounts(labelCounts, said, right)
                    .macroF1()
                    .ifPresent(f1 -> metrics.put(MACRO_F1, f1));
            put(metrics, ACCURACY, all.accuracy());
            put(metrics, RECENT_ACCURACY, recent.accuracy());
            put(metrics, HAMMING_LOSS, all.hammingLoss());
            put(metrics, RECENT_HAMMING_LOSS, recent.hammingLoss());
            put(metrics, BASELINE, (double) wrongOfUsual() / answers);
        }
        return metrics;
    }

    private static void put(Map<String, Double> metrics, String name, double value) {
        if (Double.isFinite(value)) {
            metrics.put(name, value);
        }
    }

    @Override
    public OptionalDouble recent(String name, int count) {
        Sums recent = recent(count);
        double value =
                switch (name) {
                    case MICRO_F1 -> recent.f1();
                    case ACCURACY -> recent.accuracy();
                    case HAMMING_LOSS -> recent.hammingLoss();
                    default -> Double.NaN;
                };
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private Sums recent(int count) {
        int kept = (int) Math.min(examples, count);
        long[] counts = newest(kept);
        long[] sums = new long[COUNTS];
        long wholly = 0;
        for (int i = 0; i < counts.length; i += COUNTS) {
            for (int j = 0; j < COUNTS; j++) {
                sums[j] += counts[i + j];
            }
            boolean isWhole =
                    counts[i + HAD] == counts[i + RIGHT] && counts[i + SAID] == counts[i + RIGHT];
            wholly += isWhole ? 1 : 0;
        }
        return new Sums(kept, wholly, sums[HAD], sums[SAID], sums[RIGHT], sums[IN_USE]);
    }

    /** Counts of all labels together; what cannot be told is NaN. */
    private record Sums(long examples, long exact, long had, long said, long right, long answers) {

        double f1() {
            return 2.0 * right / (had + said);
        }

        double accuracy() {
            return (double) exact / examples;
        }

        double hammingLoss() {
            return (double) (had + said - 2 * right) / answers;
        }
    }

    /** Wrong answers of always saying the labels that more than half of the examples have. */
    private long wrongOfUsual() {
        return Arrays.stream(labelCounts).map(had -> Math.min(had, examples - had)).sum();
    }

    /** Counts of labels by name: retired ones have counts too. */
    @Override
    public Map<String, Object> counts(List<String> labels) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("exact", exact);
        counts.put("labelCounts", byName(labels, labelCounts));
        counts.put("said", byName(labels, said));
        counts.put("saidRightly", byName(labels, right));
        return counts;
    }

    private static Map<String, Long> byName(List<String> labels, long[] counts) {
        Map<String, Long> byName = new LinkedHashMap<>();
        for (int row = 0; row < counts.length; row++) {
            byName.put(labels.get(row), counts[row]);
        }
        return byName;
    }

    @Override
    public ScoreFields fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("examples", examples);
        fields.put("exact", exact);
        fields.put("answers", answers);
        fields.put("labelCounts", labelCounts);
        fields.put("said", said);
        fields.put("right", right);
        fields.put("newest", newest);
        return new ScoreFields(fields);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MultiLabelScore that
                && examples == that.examples
                && exact == that.exact
                && answers == that.answers
                && Arrays.equals(labelCounts, that.labelCounts)
                && Arrays.equals(said, that.said)
                && Arrays.equals(right, that.right)
                && Arrays.equals(newest, that.newest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                examples,
                exact,
                answers,
                Arrays.hashCode(labelCounts),
                Arrays.hashCode(said),
                Arrays.hashCode(right),
                Arrays.hashCode(newest));
    }
}
