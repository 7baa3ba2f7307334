package io.rankstream.adapters.task.answering;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;

/**
 * How often answers were right, and how much of their words, as the evaluation script of SQuAD 2.0
 * counts both. Arrays are never modified after construction.
 *
 * @param answerable sums over questions that have an answer
 * @param unanswerable sums over those that have none
 * @param f1 F1 of the newest examples, as a ring; that of example i (from 0) is at i mod {@value
 *     Score#WINDOW}, and there are as many as examples at most
 * @param marks of the same examples 1 if the answer was exact, plus 2 if there was one
 */
public record AnswerScore(Sums answerable, Sums unanswerable, double[] f1, long[] marks)
        implements Score<Answer> {

    /** Metric: share of answers that are one of the right ones. */
    public static final String EXACT = "answerExactMatch";

    /** Metric: mean F1 of the words of answers. */
    public static final String F1 = "answerF1";

    /** Metric: both of always saying that there is no answer, the share of such questions. */
    public static final String BASELINE = "unanswerableShare";

    /** Metric: {@link #EXACT} over the newest {@value #WINDOW}. */
    public static final String RECENT_EXACT = "recentAnswerExactMatch";

    /** Metric: {@link #F1} over the newest {@value #WINDOW}. */
    public static final String RECENT_F1 = "recentAnswerF1";

    /** Metric: {@link #BASELINE} over the newest {@value #WINDOW}. */
    public static final String RECENT_BASELINE = "recentUnanswerableShare";

    /** Metric: {@link #EXACT} of questions that have an answer, where others have none. */
    public static final String ANSWERABLE_EXACT = "answerableExactMatch";

    /** Metric: {@link #F1} of questions that have an answer, where others have none. */
    public static final String ANSWERABLE_F1 = "answerableF1";

    /** Metric: how often none was said of questions that have no answer. */
    public static final String UNANSWERABLE_EXACT = "unanswerableExactMatch";

    static final AnswerScore EMPTY =
            new AnswerScore(Sums.NONE, Sums.NONE, new double[0], new long[0]);

    private static final long EXACT_MARK = 1;
    private static final long ANSWERABLE_MARK = 2;

    /**
     * Sums over questions.
     *
     * @param count questions
     * @param exact those whose answer was exact
     * @param f1 sum of F1
     */
    record Sums(long count, long exact, double f1) {

        static final Sums NONE = new Sums(0, 0, 0);

        Sums plus(Sums other) {
            return new Sums(count + other.count, exact + other.exact, f1 + other.f1);
        }

        double exactShare() {
            return (double) exact / count;
        }

        double meanF1() {
            return f1 / count;
        }
    }

    public AnswerScore {
        int newest = (int) Math.min(answerable.count + unanswerable.count, WINDOW);
        Sizes.require("window of F1", f1.length, newest);
        Sizes.require("window of answers", marks.length, newest);
    }

    static AnswerScore of(ScoreFields fields) {
        return new AnswerScore(
                sums(fields, "answerable"),
                sums(fields, "unanswerable"),
                fields.reals("f1"),
                fields.numbers("marks"));
    }

    private static Sums sums(ScoreFields fields, String name) {
        long[] counts = fields.numbers(name);
        Sizes.require("%s of the score".formatted(name), counts.length, 2);
        double[] f1 = fields.reals(name + "F1");
        Sizes.require("%sF1 of the score".formatted(name), f1.length, 1);
        return new Sums(counts[0], counts[1], f1[0]);
    }

    @Override
    public QuestionAnswering task() {
        return new QuestionAnswering();
    }

    @Override
    public long examples() {
        return answerable.count + unanswerable.count;
    }

    @Override
    public AnswerScore plus(List<Answer> targets, List<Answer> said) {
        double[] newF1 = new double[targets.size()];
        long[] newMarks = new long[newF1.length];
        Sums with = Sums.NONE;
        Sums without = Sums.NONE;
        for (int i = 0; i < newF1.length; i++) {
            List<String> right = targets.get(i).texts();
            String answer = said.get(i).isEmpty() ? "" : said.get(i).texts().get(0);
            boolean isExact = AnswerText.isExact(right, answer);
            newF1[i] = AnswerText.f1(right, answer);
            newMarks[i] =
                    (isExact ? EXACT_MARK : 0) + (targets.get(i).isEmpty() ? 0 : ANSWERABLE_MARK);
            Sums one = new Sums(1, isExact ? 1 : 0, newF1[i]);
            with = targets.get(i).isEmpty() ? with : with.plus(one);
            without = targets.get(i).isEmpty() ? without.plus(one) : without;
        }
        return followedBy(with, without, newF1, newMarks);
    }

    @Override
    public AnswerScore followedBy(Score<Answer> later) {
        AnswerScore more = (AnswerScore) later;
        int newest = more.f1.length;
        double[] newF1 = new double[newest];
        long[] newMarks = new long[newest];
        for (int i = 0; i < newest; i++) {
            int slot = (int) ((more.examples() - newest + i) % WINDOW);
            newF1[i] = more.f1[slot];
            newMarks[i] = more.marks[slot];
        }
        return followedBy(more.answerable, more.unanswerable, newF1, newMarks);
    }

    /**
     * This and the sums of later examples.
     *
     * @param newF1 F1 of the newest of them, in their order
     * @param newMarks their marks
     */
    private AnswerScore followedBy(Sums with, Sums without, double[] newF1, long[] newMarks) {
        Sums allWith = answerable.plus(with);
        Sums allWithout = unanswerable.plus(without);
        long all = allWith.count + allWithout.count;
        int kept = (int) Math.min(all, WINDOW);
        double[] nextF1 = Arrays.copyOf(f1, kept);
        long[] nextMarks = Arrays.copyOf(marks, kept);
        for (int i = 0; i < newF1.length; i++) {
            int slot = (int) ((all - newF1.length + i) % WINDOW);
            nextF1[slot] = newF1[i];
            nextMarks[slot] = newMarks[i];
        }
        return new AnswerScore(allWith, allWithout, nextF1, nextMarks);
    }

    /** There are none. */
    @Override
    public long[] labelCounts() {
        return new long[0];
    }

    @Override
    public AnswerScore withLabels(int labels) {
        return this;
    }

    @Override
    public boolean fits(int labels) {
        return labels == 0;
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (examples() == 0) {
            return metrics;
        }
        Sums all = answerable.plus(unanswerable);
        metrics.put(EXACT, all.exactShare());
        metrics.put(RECENT_EXACT, recentExact(WINDOW));
        metrics.put(F1, all.meanF1());
        metrics.put(RECENT_F1, recentF1(WINDOW));
        if (answerable.count > 0 && unanswerable.count > 0) {
            metrics.put(ANSWERABLE_EXACT, answerable.exactShare());
            metrics.put(ANSWERABLE_F1, answerable.meanF1());
            metrics.put(UNANSWERABLE_EXACT, unanswerable.exactShare());
        }
        metrics.put(BASELINE, (double) unanswerable.count / examples());
        metrics.put(RECENT_BASELINE, recentBaseline(WINDOW));
        return metrics;
    }

    @Override
    public OptionalDouble recent(String name, int newest) {
        if (examples() == 0) {
            return OptionalDouble.empty();
        }
        return switch (name) {
            case EXACT -> OptionalDouble.of(recentExact(newest));
            case F1 -> OptionalDouble.of(recentF1(newest));
            case BASELINE -> OptionalDouble.of(recentBaseline(newest));
            default -> OptionalDouble.empty();
        };
    }

    private double recentExact(int newest) {
        return recentMean(newest, slot -> marks[slot] & EXACT_MARK);
    }

    private double recentF1(int newest) {
        return recentMean(newest, slot -> f1[slot]);
    }

    private double recentBaseline(int newest) {
        return recentMean(newest, slot -> (marks[slot] & ANSWERABLE_MARK) == 0 ? 1 : 0);
    }

    private double recentMean(int newest, IntToDoubleFunction ofSlot) {
        int count = Math.min(newest, f1.length);
        double sum = 0;
        for (long example = examples() - count; example < examples(); example++) {
            sum += ofSlot.applyAsDouble((int) (example % WINDOW));
        }
        return sum / count;
    }

    @Override
    public Map<String, Object> counts(List<String> labels) {
        return Map.of();
    }

    @Override
    public ScoreFields fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("answerable", new long[] {answerable.count, answerable.exact});
        fields.put("answerableF1", new double[] {answerable.f1});
        fields.put("unanswerable", new long[] {unanswerable.count, unanswerable.exact});
        fields.put("unanswerableF1", new double[] {unanswerable.f1});
        fields.put("f1", f1);
        fields.put("marks", marks);
        return new ScoreFields(fields);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AnswerScore that
                && answerable.equals(that.answerable)
                && unanswerable.equals(that.unanswerable)
                && Arrays.equals(f1, that.f1)
                && Arrays.equals(marks, that.marks);
    }

    @Override
    public int hashCode() {
        return Objects.hash(answerable, unanswerable, Arrays.hashCode(f1), Arrays.hashCode(marks));
    }
}
