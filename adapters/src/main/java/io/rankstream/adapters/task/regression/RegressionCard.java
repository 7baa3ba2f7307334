package io.rankstream.adapters.task.regression;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.TaskCard;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** A regression on a model card. */
record RegressionCard() implements TaskCard<Double> {

    @Override
    public String summary(int labels) {
        return "A text regressor, which says a number";
    }

    @Override
    public List<String> hubMetrics() {
        return List.of("pearsonr", "spearmanr", "mae", "mse");
    }

    @Override
    public String quality(Score<Double> score) {
        return """
                Prequential: every example of the stream was predicted before it was learned from.

                | on | examples | Pearson | Spearman | mean absolute error | mean squared error |
                |---|---|---|---|---|---|
                | the whole stream, its start included | %s | %s | – | %s | %s |
                | the last %s | %s | %s | %s | %s | %s |
                | the whole stream, always saying its mean | %s | – | – | – | %s |
                """
                .formatted(
                        number(score.examples()),
                        value(score.metric(RegressionScore.PEARSON)),
                        value(score.metric(RegressionScore.ABSOLUTE_ERROR)),
                        value(score.metric(RegressionScore.SQUARED_ERROR)),
                        number(Score.WINDOW),
                        number(Math.min(score.examples(), Score.WINDOW)),
                        recent(score, RegressionScore.PEARSON),
                        recent(score, RegressionScore.SPEARMAN),
                        recent(score, RegressionScore.ABSOLUTE_ERROR),
                        recent(score, RegressionScore.SQUARED_ERROR),
                        number(score.examples()),
                        value(score.metric(RegressionScore.BASELINE)));
    }

    @Override
    public String limits() {
        return """
                - Correlation and error were measured on the stream that the adapter learned from, in its \
                order. They were not measured on any other data, on other languages or domains, by group \
                of authors, or after this version.
                - It says a number for every text, and knows no bounds: it may say one that no example had.
                """;
    }

    @Override
    public Optional<String> problemType() {
        return Optional.of("regression");
    }

    @Override
    public List<String> example() {
        return List.of(
                "for number in logits([\"A text to score.\", \"Another one.\"]).squeeze(-1):",
                "    print(number.item())");
    }

    private static String recent(Score<Double> score, String name) {
        return value(score.recent(name, Score.WINDOW));
    }

    private static String value(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.3f", value.getAsDouble()) : "–";
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
