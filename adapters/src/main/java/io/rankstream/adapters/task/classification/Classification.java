package io.rankstream.adapters.task.classification;

import static io.rankstream.adapters.engine.Operations.gather;
import static io.rankstream.adapters.engine.Operations.logSoftmax;
import static io.rankstream.adapters.engine.Operations.neg;
import static io.rankstream.adapters.engine.Operations.squeeze;
import static io.rankstream.adapters.engine.Tensors.longs;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.task.Answers;
import io.rankstream.adapters.task.Answers.Said;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.LabelRows;
import io.rankstream.adapters.task.Scale;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreColumn;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.TaskCard;
import io.rankstream.adapters.task.WatchedMetric;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One label of several for a text: a row of the head each, softmax, cross entropy in nats. What is
 * learned of an example is the row of its label.
 */
public record Classification() implements Task<Integer> {

    private static final String SHARE = "share";
    private static final String CORRELATION = "correlation";
    private static final String F1 = "F1";

    /** Characters of a target that a message shows. */
    private static final int MOST_SHOWN = 200;

    private static final List<WatchedMetric> WATCHED =
            List.of(
                    new WatchedMetric(
                            PrequentialScore.ACCURACY,
                            50,
                            true,
                            SHARE,
                            "Share of right predictions over the newest 50 examples, each before it"
                                    + " was learned from. In state; of `_other` it begins anew when"
                                    + " the task starts."),
                    new WatchedMetric(
                            PrequentialScore.ACCURACY,
                            Score.WINDOW,
                            true,
                            SHARE,
                            "The same over the newest 1,000 examples."),
                    new WatchedMetric(
                            PrequentialScore.ACCURACY,
                            0,
                            true,
                            SHARE,
                            "The same over all examples of the adapter's life. In state."),
                    new WatchedMetric(
                            PrequentialScore.MAJORITY_ACCURACY,
                            0,
                            true,
                            SHARE,
                            "Share of the most frequent label among all examples: what always saying"
                                    + " that label would have reached. In state."),
                    new WatchedMetric(
                            PrequentialScore.MACRO_F1,
                            Score.WINDOW,
                            false,
                            F1,
                            "Mean of the F1 of the labels that occurred or were said among the newest"
                                    + " 1,000 examples: rare labels count as much as frequent ones."
                                    + " In state. Not of `_other`."),
                    new WatchedMetric(
                            PrequentialScore.MACRO_F1,
                            0,
                            false,
                            F1,
                            "The same over all examples of the adapter's life; NaN where its first"
                                    + " ones were learned by a release without this metric. In"
                                    + " state. Not of `_other`."),
                    new WatchedMetric(
                            PrequentialScore.MATTHEWS,
                            Score.WINDOW,
                            false,
                            CORRELATION,
                            "Matthews correlation of the labels said with the true ones over the"
                                    + " newest 1,000 examples: 0 is what a guess that has not read"
                                    + " the text reaches. NaN while one label alone has occurred. In"
                                    + " state. Not of `_other`."),
                    new WatchedMetric(
                            PrequentialScore.MATTHEWS,
                            0,
                            false,
                            CORRELATION,
                            "The same over all examples of the adapter's life; NaN where its first"
                                    + " ones were learned by a release without this metric. In"
                                    + " state. Not of `_other`."),
                    new WatchedMetric(
                            PrequentialScore.EXPORTED_ACCURACY,
                            Score.WINDOW,
                            true,
                            SHARE,
                            "Share of right predictions over the newest 1,000 examples of what an"
                                    + " adapter's published files would have said alone: they have"
                                    + " no words. Of an adapter with a mixture."),
                    new WatchedMetric(
                            PrequentialScore.WORDS_ACCURACY,
                            Score.WINDOW,
                            true,
                            SHARE,
                            "The same of the words alone, which know nothing of the base model: what"
                                    + " is gained over this is the model's."));

    private static final List<ScoreColumn> COLUMNS =
            List.of(
                    new ScoreColumn("accuracy", PrequentialScore.ACCURACY, 0),
                    new ScoreColumn(
                            "last 1,000",
                            PrequentialScore.RECENT_ACCURACY,
                            ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn(
                            "files",
                            PrequentialScore.EXPORTED_ACCURACY,
                            ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn("words", PrequentialScore.WORDS_ACCURACY, 3),
                    new ScoreColumn("majority", PrequentialScore.MAJORITY_ACCURACY, 5),
                    new ScoreColumn(
                            "macro F1", PrequentialScore.MACRO_F1, ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn("F1", PrequentialScore.F1, ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn(
                            "Matthews", PrequentialScore.MATTHEWS, ScoreColumn.ONLY_AT_LENGTH));

    @Override
    public String id() {
        return "classification";
    }

    @Override
    public boolean hasLabels() {
        return true;
    }

    @Override
    public boolean saysOneLabel() {
        return true;
    }

    @Override
    public boolean keepsExamples() {
        return true;
    }

    @Override
    public int outputs(int labels) {
        return labels;
    }

    @Override
    public Fit<Integer> fit(Target target, String adapterId, LabelRows labels) {
        if (target instanceof Target.Numeric number) {
            return fit(number, adapterId, labels);
        }
        if (!(target instanceof Target.Label label)) {
            return otherKind(target, adapterId, labels);
        }
        return labels.row(label.name(), adapterId);
    }

    /** A number may spell a label: JSON's {@code 1} was always the label '1'. */
    private Fit<Integer> fit(Target.Numeric number, String adapterId, LabelRows labels) {
        return number.spellings().stream()
                .filter(name -> labels.indexOf(name) >= 0)
                .findFirst()
                .map(name -> fit(new Target.Label(name), adapterId, labels))
                .orElseGet(() -> otherKind(number, adapterId, labels));
    }

    private static Fit<Integer> otherKind(Target target, String adapterId, LabelRows labels) {
        return new Fit.Refused<>(
                Fit.Reason.NO_LABEL,
                "the %s %s is no label, but adapter '%s' learns one of the labels %s"
                        .formatted(
                                target.noun(),
                                Excerpt.printable(target.shown(), MOST_SHOWN),
                                adapterId,
                                Excerpt.ofAll(labels.active())));
    }

    @Override
    public String sample(List<String> labels) {
        return "\"%s\"".formatted(labels.stream().findFirst().orElse("a label"));
    }

    @Override
    public Target told(Integer target, LabelRows labels) {
        return new Target.Label(labels.names().get(target));
    }

    @Override
    public Answers<Integer> answers(PtNDArray outputs, List<Tokens> texts, List<Integer> targets) {
        PtNDArray logProbabilities = logSoftmax(outputs, 1);
        return new Answers<>(
                losses(logProbabilities, targets),
                said(logProbabilities.toFloatArray(), targets.size()));
    }

    @Override
    public Optional<Scale> scale(Score<Integer> before, List<Integer> targets) {
        return Optional.empty();
    }

    /** Cross entropy of each text, (texts), in nats. */
    static PtNDArray losses(PtNDArray logProbabilities, List<Integer> rows) {
        long[] index = rows.stream().mapToLong(Integer::longValue).toArray();
        PtNDArray chosen = longs(logProbabilities.getManager(), index, rows.size(), 1);
        return neg(squeeze(gather(logProbabilities, chosen, 1), 1));
    }

    private static List<Said<Integer>> said(float[] logProbabilities, int examples) {
        int labels = logProbabilities.length / examples;
        List<Said<Integer>> said = new ArrayList<>();
        for (int i = 0; i < examples; i++) {
            int best = largest(logProbabilities, i * labels, labels);
            said.add(new Said<>(best, (float) Math.exp(logProbabilities[i * labels + best])));
        }
        return said;
    }

    /**
     * Where the largest of {@code count} values is, from {@code offset} on; the first of equals.
     */
    private static int largest(float[] values, int offset, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            best = values[offset + i] > values[offset + best] ? i : best;
        }
        return best;
    }

    @Override
    public Target said(float[] outputs, Tokens text, List<String> labels) {
        return new Target.Label(labels.get(largest(outputs, 0, outputs.length)));
    }

    @Override
    public Map<String, Float> probabilities(float[] outputs, List<String> labels) {
        double largest = outputs[largest(outputs, 0, outputs.length)];
        double sum = sum(outputs, largest);
        Map<String, Float> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < outputs.length; i++) {
            probabilities.put(labels.get(i), (float) (Math.exp(outputs[i] - largest) / sum));
        }
        return probabilities;
    }

    private static double sum(float[] outputs, double largest) {
        double sum = 0;
        for (float output : outputs) {
            sum += Math.exp(output - largest);
        }
        return sum;
    }

    @Override
    public float loss(float[] outputs, Tokens text, List<String> labels, Target target) {
        double largest = outputs[largest(outputs, 0, outputs.length)];
        double output = outputs[labels.indexOf(target.shown())];
        return (float) (Math.log(sum(outputs, largest)) + largest - output);
    }

    @Override
    public double merit(Target said, Target target) {
        return said.equals(target) ? 1 : 0;
    }

    @Override
    public PrequentialScore newScore(int labels) {
        return PrequentialScore.empty(labels);
    }

    @Override
    public PrequentialScore own(Score<?> score) {
        return (PrequentialScore) score;
    }

    @Override
    public PrequentialScore score(ScoreFields fields) {
        return PrequentialScore.of(fields);
    }

    @Override
    public List<WatchedMetric> watched() {
        return WATCHED;
    }

    @Override
    public List<ScoreColumn> columns() {
        return COLUMNS;
    }

    @Override
    public String baseline() {
        return "majority";
    }

    /** What its accuracy is above that of always saying the most frequent label. */
    @Override
    public OptionalDouble gain(Map<String, Double> metrics) {
        Double accuracy = metrics.get(PrequentialScore.RECENT_ACCURACY);
        Double majority = metrics.get(PrequentialScore.MAJORITY_ACCURACY);
        return accuracy == null || majority == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(accuracy - majority);
    }

    @Override
    public TaskCard<Integer> card() {
        return new ClassificationCard();
    }
}
