package io.rankstream.adapters.task.multilabel;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.TaskCard;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A multi-label classification on a model card.
 *
 * @param threshold probability from which on a label is said
 */
record MultiLabelCard(double threshold) implements TaskCard<Tags> {

    /** The task in transformers' config. */
    static final String PROBLEM_TYPE = "multi_label_classification";

    @Override
    public String summary(int labels) {
        return "A text classifier that says any number of %d labels".formatted(labels);
    }

    @Override
    public List<String> hubMetrics() {
        return List.of("f1", "accuracy");
    }

    @Override
    public String quality(Score<Tags> score) {
        return """
                Prequential: every example of the stream was predicted before it was learned from. \
                Exact is the share of texts of which all labels were right; Hamming loss is the share of \
                wrong answers to whether a text has a label.

                | on | examples | micro F1 | macro F1 | exact | Hamming loss |
                |---|---|---|---|---|---|
                | the whole stream, its start included | %s | %s | %s | %s | %s |
                | the last %s | %s | %s | – | %s | %s |
                | the whole stream, always saying the labels that more than half of it have | %s | – | – | – | %s |
                """
                .formatted(
                        number(score.examples()),
                        value(score.metric(MultiLabelScore.MICRO_F1)),
                        value(score.metric(MultiLabelScore.MACRO_F1)),
                        value(score.metric(MultiLabelScore.ACCURACY)),
                        value(score.metric(MultiLabelScore.HAMMING_LOSS)),
                        number(Score.WINDOW),
                        number(Math.min(score.examples(), Score.WINDOW)),
                        recent(score, MultiLabelScore.MICRO_F1),
                        recent(score, MultiLabelScore.ACCURACY),
                        recent(score, MultiLabelScore.HAMMING_LOSS),
                        number(score.examples()),
                        value(score.metric(MultiLabelScore.BASELINE)));
    }

    @Override
    public String limits() {
        return """
                - F1, exact matches and Hamming loss were measured on the stream that the adapter learned \
                from, in its order, with the threshold that it had by then. They were not measured on any \
                other data, on other languages or domains, by group of authors, or after this version; \
                nor was it measured how far the probabilities can be trusted.
                - It says every label whose probability is %s or more, and none where there is none: \
                probabilities of labels do not add up to 1. It knows its labels alone.
                """
                .formatted(threshold);
    }

    @Override
    public Optional<String> problemType() {
        return Optional.of(PROBLEM_TYPE);
    }

    @Override
    public List<String> example() {
        return List.of(
                "for row in logits([\"A text to classify.\", \"Another one.\"]).sigmoid():",
                "    print({label: p for label, p in zip(LABELS, row.tolist()) if p >= %s})"
                        .formatted(threshold));
    }

    private static String recent(Score<Tags> score, String name) {
        return value(score.recent(name, Score.WINDOW));
    }

    private static String value(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.3f", value.getAsDouble()) : "–";
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
