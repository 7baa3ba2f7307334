package io.rankstream.adapters.task.regression;

import static io.rankstream.adapters.engine.Operations.square;
import static io.rankstream.adapters.engine.Operations.squeeze;
import static io.rankstream.adapters.engine.Operations.sub;
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
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A number for a text: one output, squared error. */
public record Regression() implements Task<Double> {

    /** The square of an error twice as large is a float, and so are gradients of it. */
    private static final double LARGEST = 1e18;

    private static final List<WatchedMetric> WATCHED =
            List.of(
                    new WatchedMetric(
                            RegressionScore.PEARSON,
                            Score.WINDOW,
                            false,
                            "correlation",
                            "Pearson's correlation of a regression's numbers with the true ones over"
                                    + " the newest 1,000 examples; NaN of another task. In state."
                                    + " Not of `_other`."),
                    new WatchedMetric(
                            RegressionScore.SPEARMAN,
                            Score.WINDOW,
                            false,
                            "correlation",
                            "The same of their ranks. Not of `_other`."),
                    new WatchedMetric(
                            RegressionScore.ABSOLUTE_ERROR,
                            Score.WINDOW,
                            true,
                            "error",
                            "Mean absolute error of a regression's numbers over the newest 1,000"
                                    + " examples; NaN of another task. In state; of `_other` it"
                                    + " begins anew when the task starts."));

    private static final List<ScoreColumn> COLUMNS =
            List.of(
                    new ScoreColumn("Pearson", RegressionScore.PEARSON, 0),
                    new ScoreColumn("Pearson 1,000", RegressionScore.RECENT_PEARSON, 10),
                    new ScoreColumn("Spearman 1,000", RegressionScore.RECENT_SPEARMAN, 2),
                    new ScoreColumn("RMSE", RegressionScore.SQUARED_ERROR, true, 0),
                    new ScoreColumn(
                            "RMSE 1,000",
                            RegressionScore.RECENT_SQUARED_ERROR,
                            true,
                            ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn("mean's RMSE", RegressionScore.BASELINE, true, 5),
                    new ScoreColumn(
                            "MAE", RegressionScore.ABSOLUTE_ERROR, ScoreColumn.ONLY_AT_LENGTH));

    @Override
    public String id() {
        return "regression";
    }

    @Override
    public boolean hasLabels() {
        return false;
    }

    @Override
    public boolean keepsExamples() {
        return true;
    }

    @Override
    public int outputs(int labels) {
        return 1;
    }

    @Override
    public Fit<Double> fit(Target target, String adapterId, LabelRows labels) {
        if (!(target instanceof Target.Numeric number)) {
            return new Fit.Refused<>(
                    Fit.Reason.NO_NUMBER,
                    "the %s %s is no number, but adapter '%s' learns one"
                            .formatted(target.noun(), Excerpt.of(target.shown()), adapterId));
        }
        return Math.abs(number.value()) <= LARGEST
                ? new Fit.Ready<>(number.value())
                : new Fit.Refused<>(
                        Fit.Reason.NOT_FINITE,
                        "the number %s cannot be learned by adapter '%s', expected one from -1e18 to 1e18"
                                .formatted(number.shown(), adapterId));
    }

    @Override
    public String sample(List<String> labels) {
        return "3.5";
    }

    @Override
    public Target told(Double target, LabelRows labels) {
        return new Target.Numeric(target);
    }

    @Override
    public Answers<Double> answers(PtNDArray outputs, List<Tokens> texts, List<Double> targets) {
        float[] truth = new float[targets.size()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = targets.get(i).floatValue();
        }
        PtNDArray numbers = squeeze(outputs, 1);
        List<Said<Double>> said = new ArrayList<>();
        for (float number : numbers.toFloatArray()) {
            said.add(new Said<>((double) number, Float.NaN));
        }
        return new Answers<>(
                square(sub(numbers, floats(outputs.getManager(), truth, truth.length))), said);
    }

    @Override
    public Optional<Scale> scale(Score<Double> before, List<Double> targets) {
        return Optional.of(own(before).plus(targets, targets).scale());
    }

    @Override
    public Target said(float[] outputs, Tokens text, List<String> labels) {
        return new Target.Numeric(outputs[0]);
    }

    @Override
    public Map<String, Float> probabilities(float[] outputs, List<String> labels) {
        return Map.of();
    }

    @Override
    public float loss(float[] outputs, Tokens text, List<String> labels, Target target) {
        return (float) merit(said(outputs, text, labels), target);
    }

    @Override
    public double merit(Target said, Target target) {
        double error = ((Target.Numeric) said).value() - ((Target.Numeric) target).value();
        return error * error;
    }

    @Override
    public RegressionScore newScore(int labels) {
        return RegressionScore.EMPTY;
    }

    @Override
    public RegressionScore own(Score<?> score) {
        return (RegressionScore) score;
    }

    @Override
    public RegressionScore score(ScoreFields fields) {
        return RegressionScore.of(fields);
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
        return "the mean";
    }

    /** Which share of the squared error of always saying the mean is gone. */
    @Override
    public OptionalDouble gain(Map<String, Double> metrics) {
        Double error = metrics.get(RegressionScore.RECENT_SQUARED_ERROR);
        Double ofMean = metrics.get(RegressionScore.BASELINE);
        return error == null || ofMean == null || ofMean <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(1 - error / ofMean);
    }

    @Override
    public TaskCard<Double> card() {
        return new RegressionCard();
    }
}
