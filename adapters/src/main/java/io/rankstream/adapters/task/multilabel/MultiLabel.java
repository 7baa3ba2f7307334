package io.rankstream.adapters.task.multilabel;

import static io.rankstream.adapters.engine.Operations.div;
import static io.rankstream.adapters.engine.Operations.mul;
import static io.rankstream.adapters.engine.Operations.softplus;
import static io.rankstream.adapters.engine.Operations.sum;
import static io.rankstream.adapters.engine.Tensors.floats;

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
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Any number of labels for a text: a row of the head each, a sigmoid each, and the mean over the
 * labels in use of the binary cross entropy, in nats, as transformers has it of {@value
 * MultiLabelCard#PROBLEM_TYPE}. Said is every label whose probability is the threshold or more.
 *
 * @param threshold that probability, between 0 and 1
 */
public record MultiLabel(double threshold) implements Task<Tags> {

    /** Name of the threshold in configurations and files. */
    public static final String THRESHOLD = "threshold";

    /** The threshold where nothing else is said. */
    public static final double DEFAULT_THRESHOLD = .5;

    /** Characters of a target that a message shows. */
    private static final int MOST_SHOWN = 200;

    private static final List<WatchedMetric> WATCHED =
            Stream.concat(
                            new Classification().watched().stream().filter(MultiLabel::isShared),
                            Stream.of(
                                    new WatchedMetric(
                                            MultiLabelScore.MICRO_F1,
                                            Score.WINDOW,
                                            false,
                                            "F1",
                                            "F1 of all labels together that a multi-label"
                                                    + " classification said of the newest 1,000"
                                                    + " examples; NaN of another task. In state."
                                                    + " Not of `_other`."),
                                    new WatchedMetric(
                                            MultiLabelScore.MICRO_F1,
                                            0,
                                            false,
                                            "F1",
                                            "The same over all examples of the adapter's life. In"
                                                    + " state. Not of `_other`."),
                                    new WatchedMetric(
                                            MultiLabelScore.HAMMING_LOSS,
                                            Score.WINDOW,
                                            false,
                                            "share",
                                            "Share of wrong answers to whether a text has a label,"
                                                    + " over the labels in use and the newest 1,000"
                                                    + " examples of a multi-label classification;"
                                                    + " NaN of another task. In state. Not of"
                                                    + " `_other`.")))
                    .toList();

    private static final List<ScoreColumn> COLUMNS =
            List.of(
                    new ScoreColumn("micro F1", MultiLabelScore.MICRO_F1, 0),
                    new ScoreColumn("F1 last 1,000", MultiLabelScore.RECENT_MICRO_F1, 3),
                    new ScoreColumn("exact", MultiLabelScore.ACCURACY, 1),
                    new ScoreColumn(
                            "exact last 1,000",
                            MultiLabelScore.RECENT_ACCURACY,
                            ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn(
                            "macro F1", MultiLabelScore.MACRO_F1, ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn("Hamming", MultiLabelScore.HAMMING_LOSS, 5),
                    new ScoreColumn(
                            "Hamming 1,000",
                            MultiLabelScore.RECENT_HAMMING_LOSS,
                            ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn("usual", MultiLabelScore.BASELINE, 7));

    /** Whether a metric of a classification is this task's too: a list is right as a whole. */
    private static boolean isShared(WatchedMetric metric) {
        return metric.metric().equals(MultiLabelScore.ACCURACY)
                || (metric.metric().equals(MultiLabelScore.MACRO_F1) && metric.newest() == 0);
    }

    public MultiLabel {
        if (!(threshold > 0 && threshold < 1)) {
            throw new IllegalArgumentException(
                    "the threshold is %s, expected a number between 0 and 1".formatted(threshold));
        }
    }

    /** One that says what is more probable than not. */
    public MultiLabel() {
        this(DEFAULT_THRESHOLD);
    }

    @Override
    public String id() {
        return "multi-label-classification";
    }

    @Override
    public Map<String, Double> settings() {
        return Map.of(THRESHOLD, threshold);
    }

    @Override
    public MultiLabel with(Map<String, Double> settings) {
        return new MultiLabel(settings.getOrDefault(THRESHOLD, threshold));
    }

    @Override
    public boolean hasLabels() {
        return true;
    }

    @Override
    public int outputs(int labels) {
        return labels;
    }

    /** Logit of Laplace's estimate for a label that none of the examples had, 1 in examples + 2. */
    @Override
    public float biasOfNew(double[] inUse, long examples) {
        return (float) -Math.log1p((double) examples);
    }

    @Override
    public Fit<Tags> fit(Target target, String adapterId, LabelRows labels) {
        boolean isList =
                target instanceof Target.Label
                        || (target instanceof Target.Several several
                                && several.members().stream()
                                        .allMatch(Target.Label.class::isInstance));
        if (!isList) {
            return refused(target, adapterId, labels, "is no list of labels");
        }
        if (target instanceof Target.Several several && several.twice().isPresent()) {
            return refused(
                    target,
                    adapterId,
                    labels,
                    "has %s twice".formatted(Excerpt.of(several.twice().get().shown())));
        }
        List<Integer> rows = new ArrayList<>();
        for (String label : target.labels()) {
            Fit<Integer> row = labels.row(label, adapterId);
            if (row instanceof Fit.Refused<Integer> refused) {
                return new Fit.Refused<>(refused.reason(), refused.message());
            }
            rows.add(labels.indexOf(label));
        }
        return new Fit.Ready<>(new Tags(rows.stream().sorted().toList(), labels.active().size()));
    }

    private static Fit<Tags> refused(
            Target target, String adapterId, LabelRows labels, String wrong) {
        return new Fit.Refused<>(
                Fit.Reason.NO_LABEL,
                "the %s %s %s, but adapter '%s' learns which of the labels %s a text has, each once"
                        .formatted(
                                target.noun(),
                                Excerpt.printable(target.shown(), MOST_SHOWN),
                                wrong,
                                adapterId,
                                Excerpt.ofAll(labels.active())));
    }

    @Override
    public String sample(List<String> labels) {
        return labels.stream()
                .limit(2)
                .map("\"%s\""::formatted)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public Target told(Tags target, LabelRows labels) {
        return several(target.rows().stream().map(labels.names()::get).toList());
    }

    private static Target several(List<String> labels) {
        return new Target.Several(labels.stream().<Target>map(Target.Label::new).toList());
    }

    /** Of a retired label the output is minus infinity: it is never said, and has no loss. */
    @Override
    public Answers<Tags> answers(PtNDArray outputs, List<Tokens> texts, List<Tags> targets) {
        float[] flat = outputs.toFloatArray();
        int columns = flat.length / targets.size();
        List<Said<Tags>> said = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            int from = i * columns;
            said.add(
                    new Said<>(
                            new Tags(
                                    IntStream.range(0, columns)
                                            .filter(row -> says(flat[from + row]))
                                            .boxed()
                                            .toList(),
                                    targets.get(i).of()),
                            Float.NaN));
        }
        return new Answers<>(losses(outputs, columns, targets), said);
    }

    /**
     * Mean over the labels in use of {@code softplus((1 - 2 t) x)}, where t is 1 of a label that
     * the text has and 0 of another: what {@code -t log σ(x) - (1 - t) log(1 - σ(x))} is.
     *
     * @return (texts), in nats
     */
    private static PtNDArray losses(PtNDArray outputs, int columns, List<Tags> targets) {
        float[] signs = new float[targets.size() * columns];
        float[] inUse = new float[targets.size()];
        for (int i = 0; i < targets.size(); i++) {
            int from = i * columns;
            Arrays.fill(signs, from, from + columns, 1);
            targets.get(i).rows().forEach(row -> signs[from + row] = -1);
            inUse[i] = targets.get(i).of();
        }
        PtNDArray away = mul(outputs, floats(outputs.getManager(), signs, targets.size(), columns));
        return div(
                sum(softplus(away), new long[] {1}, false),
                floats(outputs.getManager(), inUse, inUse.length));
    }

    @Override
    public Optional<Scale> scale(Score<Tags> before, List<Tags> targets) {
        return Optional.empty();
    }

    @Override
    public Target said(float[] outputs, Tokens text, List<String> labels) {
        return several(
                IntStream.range(0, outputs.length)
                        .filter(row -> says(outputs[row]))
                        .mapToObj(labels::get)
                        .toList());
    }

    private boolean says(float output) {
        return probability(output) >= threshold;
    }

    private static double probability(float output) {
        return 1 / (1 + Math.exp(-output));
    }

    /** Each label's own: they do not add up to 1. */
    @Override
    public Map<String, Float> probabilities(float[] outputs, List<String> labels) {
        Map<String, Float> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < outputs.length; i++) {
            probabilities.put(labels.get(i), (float) probability(outputs[i]));
        }
        return probabilities;
    }

    @Override
    public float loss(float[] outputs, Tokens text, List<String> labels, Target target) {
        double sum = 0;
        for (int i = 0; i < outputs.length; i++) {
            double away = target.labels().contains(labels.get(i)) ? -outputs[i] : outputs[i];
            sum += Math.max(0, away) + Math.log1p(Math.exp(-Math.abs(away)));
        }
        return (float) (sum / outputs.length);
    }

    /** 1 if all labels are right. */
    @Override
    public double merit(Target said, Target target) {
        return said.equals(target) ? 1 : 0;
    }

    @Override
    public MultiLabelScore newScore(int labels) {
        return MultiLabelScore.empty(labels);
    }

    @Override
    public MultiLabelScore own(Score<?> score) {
        return (MultiLabelScore) score;
    }

    @Override
    public MultiLabelScore score(ScoreFields fields) {
        return MultiLabelScore.of(fields);
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
        return "the usual labels";
    }

    /** Which share of the wrong answers of always saying the usual labels is gone. */
    @Override
    public OptionalDouble gain(Map<String, Double> metrics) {
        Double loss = metrics.get(MultiLabelScore.RECENT_HAMMING_LOSS);
        Double ofUsual = metrics.get(MultiLabelScore.BASELINE);
        return loss == null || ofUsual == null || ofUsual <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(1 - loss / ofUsual);
    }

    @Override
    public TaskCard<Tags> card() {
        return new MultiLabelCard(threshold);
    }
}
