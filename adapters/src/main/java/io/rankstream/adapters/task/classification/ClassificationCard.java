package io.rankstream.adapters.task.classification;

import io.rankstream.adapters.task.Outcomes;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.TaskCard;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A classification on a model card. */
record ClassificationCard() implements TaskCard<Integer> {

    @Override
    public String summary(int labels) {
        return "A text classifier for %d labels".formatted(labels);
    }

    @Override
    public List<String> hubMetrics() {
        return List.of("accuracy", "f1", "matthews_correlation");
    }

    @Override
    public String quality(Score<Integer> score) {
        PrequentialScore accuracies = (PrequentialScore) score;
        return """
                Prequential: every example of the stream was predicted before it was learned from.

                %s| on | examples | accuracy | macro F1 | binary F1 | Matthews correlation |
                |---|---|---|---|---|---|
                | the whole stream, its start included | %s | %s | %s | %s | %s |
                | the last %s | %s | %s | %s | %s | %s |
                | the whole stream, always saying its most frequent label | %s | %s | – | – | – |
                """
                .formatted(
                        parts(accuracies.parts()),
                        number(score.examples()),
                        share(accuracies.accuracy()),
                        value(score.metric(PrequentialScore.MACRO_F1)),
                        value(score.metric(PrequentialScore.F1)),
                        value(score.metric(PrequentialScore.MATTHEWS)),
                        number(Score.WINDOW),
                        number(Math.min(score.examples(), Score.WINDOW)),
                        share(accuracies.recentAccuracy()),
                        value(score.recent(PrequentialScore.MACRO_F1, Score.WINDOW)),
                        value(score.recent(PrequentialScore.F1, Score.WINDOW)),
                        value(score.recent(PrequentialScore.MATTHEWS, Score.WINDOW)),
                        number(score.examples()),
                        share(accuracies.majorityAccuracy()));
    }

    /** What the files say alone, and what words without a model would. */
    private static String parts(Map<String, Outcomes> parts) {
        if (parts.isEmpty()) {
            return "";
        }
        Outcomes files = parts.get(PrequentialScore.EXPORTED);
        Outcomes words = parts.get(PrequentialScore.WORDS);
        return """
                What these files would have said alone, and what words would have said without any language model:

                | on | examples | these files | words alone |
                |---|---|---|---|
                | the whole stream, since there are words | %s | %s | %s |
                | the last %s | %s | %s | %s |

                What the running adapter said, which has the model on words beside what is in these files:

                """
                .formatted(
                        number(files.examples()),
                        share(files.share()),
                        share(words.share()),
                        number(Score.WINDOW),
                        number(Math.min(files.examples(), Score.WINDOW)),
                        share(files.recentShare()),
                        share(words.recentShare()));
    }

    @Override
    public String limits() {
        return """
                - Accuracy, F1 and correlation were measured on the stream that the adapter learned from, \
                in its order. They were not measured on any other data, on other languages or domains, by \
                group of authors, or after this version; nor was it measured how far the probabilities \
                can be trusted.
                - It knows its labels alone: a text of no label gets one of them.
                """;
    }

    @Override
    public Optional<String> problemType() {
        return Optional.empty();
    }

    @Override
    public List<String> example() {
        return List.of(
                "for row in logits([\"A text to classify.\", \"Another one.\"]).softmax(-1):",
                "    print(dict(zip(LABELS, row.tolist())))");
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String value(OptionalDouble value) {
        return value.isPresent() ? share(value.getAsDouble()) : "–";
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
