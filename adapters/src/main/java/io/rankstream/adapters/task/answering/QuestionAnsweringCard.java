package io.rankstream.adapters.task.answering;

import io.rankstream.adapters.task.ModelClass;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.TaskCard;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Question answering on a model card. */
record QuestionAnsweringCard() implements TaskCard<Answer> {

    @Override
    public ModelClass modelClass() {
        return ModelClass.QUESTION_ANSWERING;
    }

    @Override
    public String summary(int labels) {
        return "A question answerer, which says where in a passage the answer is, or that it is not"
                + " there";
    }

    @Override
    public List<String> hubMetrics() {
        return List.of("squad_v2");
    }

    @Override
    public String quality(Score<Answer> score) {
        AnswerScore answers = (AnswerScore) score;
        return """
                Prequential: every question of the stream was answered before its answer was learned from. \
                Exact match and F1 as SQuAD 2.0 counts them, 1 for all right.

                | on | questions | exact match | F1 |
                |---|---|---|---|
                | the whole stream, its start included | %s | %s | %s |
                | the last %s | %s | %s | %s |
                %s| the whole stream, always saying that there is no answer | %s | %s | %s |
                """
                .formatted(
                        number(score.examples()),
                        value(score.metric(AnswerScore.EXACT)),
                        value(score.metric(AnswerScore.F1)),
                        number(Score.WINDOW),
                        number(Math.min(score.examples(), Score.WINDOW)),
                        value(score.recent(AnswerScore.EXACT, Score.WINDOW)),
                        value(score.recent(AnswerScore.F1, Score.WINDOW)),
                        parts(answers),
                        number(score.examples()),
                        value(score.metric(AnswerScore.BASELINE)),
                        value(score.metric(AnswerScore.BASELINE)));
    }

    /** Questions with and without an answer apart, where there are both. */
    private static String parts(AnswerScore score) {
        if (score.answerable().count() == 0 || score.unanswerable().count() == 0) {
            return "";
        }
        return """
                | its questions that have an answer | %s | %s | %s |
                | its questions that have none | %s | %s | %s |
                """
                .formatted(
                        number(score.answerable().count()),
                        value(score.metric(AnswerScore.ANSWERABLE_EXACT)),
                        value(score.metric(AnswerScore.ANSWERABLE_F1)),
                        number(score.unanswerable().count()),
                        value(score.metric(AnswerScore.UNANSWERABLE_EXACT)),
                        value(score.metric(AnswerScore.UNANSWERABLE_EXACT)));
    }

    @Override
    public String limits() {
        return """
                - Exact match and F1 were measured on the stream that the adapter learned from, in its \
                order. They were not measured on any other data, on other languages or domains, by group \
                of authors, or after this version.
                - It says a part of the passage, of %d tokens at most, or no answer: it counts nothing, \
                joins nothing, and knows nothing that the passage does not say.
                - A passage that is too long is read in windows; the code below reads the first one alone.
                """
                .formatted(SpanSearch.LONGEST);
    }

    @Override
    public Optional<String> problemType() {
        return Optional.empty();
    }

    @Override
    public List<String> batch() {
        return List.of(
                "def shortened(question):  # to half of what the special tokens leave",
                "    most = (MAX_LENGTH - tokenizer.num_special_tokens_to_add(pair=True)) // 2",
                "    while True:",
                "        text = tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)",
                "        places = text[\"offset_mapping\"]",
                "        if len(places) <= most:",
                "            return question",
                "        question = question[:min(places[most - 1][1], len(question) - 1)]",
                "",
                "def encoded(question, passage, **more):",
                "    return tokenizer(shortened(question), passage, truncation=\"only_second\", max_length=MAX_LENGTH, **more)",
                "",
                "@torch.no_grad()",
                "def logits(question, passage):",
                "    batch = encoded(question, passage, return_tensors=\"pt\")");
    }

    @Override
    public List<String> example() {
        return List.of(
                "def answer(question, passage):",
                "    text = encoded(question, passage, return_offsets_mapping=True)",
                "    start, end = logits(question, passage).unbind(-1)",
                "    inside = torch.tensor([part == 1 for part in text.sequence_ids()])",
                "    allowed = (inside[:, None] & inside).triu().tril(%d)"
                        .formatted(SpanSearch.LONGEST - 1),
                "    scores = (start[:, None] + end).masked_fill(~allowed, -torch.inf)",
                "    if start[0] + end[0] > scores.max():",
                "        return \"\"  # no answer",
                "    first, last = divmod(scores.argmax().item(), len(inside))",
                "    places = text[\"offset_mapping\"]",
                "    return passage[places[first][0]:places[last][1]].strip()",
                "",
                "print(answer(\"Who never stops?\", \"The learner never stops.\"))");
    }

    private static String value(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.3f", value.getAsDouble()) : "–";
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
