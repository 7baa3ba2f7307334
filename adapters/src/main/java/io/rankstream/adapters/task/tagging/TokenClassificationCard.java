package io.rankstream.adapters.task.tagging;

import io.rankstream.adapters.task.LabelRows;
import io.rankstream.adapters.task.ModelClass;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.TaskCard;
import io.rankstream.adapters.text.CardText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** A token classification on a model card. */
record TokenClassificationCard() implements TaskCard<Entities> {

    @Override
    public ModelClass modelClass() {
        return ModelClass.TOKEN_CLASSIFICATION;
    }

    @Override
    public String summary(int labels) {
        return "A token classifier, which finds entities in a text by %d tags".formatted(labels);
    }

    @Override
    public List<String> hubMetrics() {
        return List.of("precision", "recall", "f1");
    }

    @Override
    public String quality(Score<Entities> score) {
        return """
                Prequential: every example of the stream was predicted before it was learned from. An \
                entity is right if its bounds and its kind are.

                | on | examples | precision | recall | F1 |
                |---|---|---|---|---|
                | the whole stream, its start included | %s | %s | %s | %s |
                | the last %s | %s | %s | %s | %s |
                """
                .formatted(
                        number(score.examples()),
                        value(score.metric(EntityScore.PRECISION)),
                        value(score.metric(EntityScore.RECALL)),
                        value(score.metric(EntityScore.F1)),
                        number(Score.WINDOW),
                        number(Math.min(score.examples(), Score.WINDOW)),
                        value(score.recent(EntityScore.PRECISION, Score.WINDOW)),
                        value(score.recent(EntityScore.RECALL, Score.WINDOW)),
                        value(score.recent(EntityScore.F1, Score.WINDOW)));
    }

    @Override
    public Optional<String> counts(Score<Entities> score, LabelRows labels) {
        EntityScore entities = (EntityScore) score;
        TagRows tags = TagRows.of(labels);
        StringBuilder table =
                new StringBuilder(
                        """
                        | entity | in the examples | said | right |
                        |---|---|---|---|
                        """);
        for (int row = 0; row < tags.names().size(); row++) {
            if (tags.isBegin(row)) {
                table.append(
                        "| %s | %s | %s | %s |\n"
                                .formatted(
                                        CardText.markdown(tags.kind(row).orElseThrow()),
                                        number(entities.there()[row]),
                                        number(entities.said()[row]),
                                        number(entities.right()[row])));
            }
        }
        return Optional.of(table.toString());
    }

    @Override
    public String limits() {
        return """
                - Precision, recall and F1 were measured on the stream that the adapter learned from, in its \
                order. They were not measured on any other data, on other languages or domains, by group \
                of authors, or after this version.
                - It says whole words, and one kind of a word at most. What is beyond the token limit, it \
                does not see.
                """;
    }

    @Override
    public Optional<String> problemType() {
        return Optional.empty();
    }

    @Override
    public List<String> batch() {
        return List.of(
                "def encoded(*texts, **more):  # one, or both of a pair",
                "    return tokenizer(*texts, truncation=True, max_length=MAX_LENGTH, **more)",
                "",
                "@torch.no_grad()",
                "def logits(*texts):",
                "    batch = encoded(*texts, return_tensors=\"pt\")");
    }

    @Override
    public List<String> example() {
        return List.of(
                "text = \"A text with names.\"",
                "places = encoded(text, return_offsets_mapping=True)[\"offset_mapping\"]",
                "for (start, end), tag in zip(places, logits(text).argmax(-1).tolist()):",
                "    if end > start:  # no special token; the tag of a word is that of its first token",
                "        print(text[start:end], LABELS[tag])");
    }

    private static String value(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.3f", value.getAsDouble()) : "–";
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
