package io.rankstream.adapters.task.answering;

import static io.rankstream.adapters.engine.Operations.gather;
import static io.rankstream.adapters.engine.Operations.logSoftmax;
import static io.rankstream.adapters.engine.Operations.mean;
import static io.rankstream.adapters.engine.Operations.neg;
import static io.rankstream.adapters.engine.Tensors.longs;
import static io.rankstream.adapters.engine.Tensors.rows;
import static io.rankstream.adapters.engine.Tensors.split;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.task.Answers;
import io.rankstream.adapters.task.Answers.Said;
import io.rankstream.adapters.task.CrossEntropy;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.LabelRows;
import io.rankstream.adapters.task.Scale;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreColumn;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Target.Span;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.TaskCard;
import io.rankstream.adapters.task.WatchedMetric;
import io.rankstream.adapters.task.answering.AnswerPlaces.Place;
import io.rankstream.adapters.text.Amount;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.VisibleText;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where in a passage the answer to a question is, or that it is not there. The head gives a start
 * and an end logit of every token. The loss of a window is the mean of both cross entropies over
 * its tokens, that of an example the mean over its windows; a window that has not the whole answer
 * has the first special token for start and end. Of several right answers the first in the passage
 * that fits in a window is learned, and any is right.
 */
public record QuestionAnswering() implements Task<Answer> {

    private static final int OUTPUTS = 2;

    private static final List<WatchedMetric> WATCHED =
            List.of(
                    new WatchedMetric(
                            AnswerScore.F1,
                            Score.WINDOW,
                            true,
                            "share",
                            "Mean F1 of the words of answers to questions, as SQuAD counts it, over"
                                    + " the newest 1,000 examples; NaN of another task. In state; of"
                                    + " `_other` it begins anew when the task starts."),
                    new WatchedMetric(
                            AnswerScore.EXACT,
                            Score.WINDOW,
                            true,
                            "share",
                            "Share of answers that are one of the right ones, as SQuAD compares"
                                    + " them, over the same examples."));

    private static final List<ScoreColumn> COLUMNS =
            List.of(
                    new ScoreColumn("F1", AnswerScore.F1, 0),
                    new ScoreColumn("F1 1,000", AnswerScore.RECENT_F1, 10),
                    new ScoreColumn("exact", AnswerScore.EXACT, 2),
                    new ScoreColumn(
                            "exact 1,000", AnswerScore.RECENT_EXACT, ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn(
                            "F1 answerable", AnswerScore.ANSWERABLE_F1, ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn(
                            "exact unanswerable",
                            AnswerScore.UNANSWERABLE_EXACT,
                            ScoreColumn.ONLY_AT_LENGTH),
                    new ScoreColumn("no answer", AnswerScore.BASELINE, 5));

    @Override
    public String id() {
        return "question-answering";
    }

    @Override
    public Reading reading() {
        return Reading.WINDOWS;
    }

    @Override
    public boolean hasLabels() {
        return false;
    }

    @Override
    public int outputs(int labels) {
        return OUTPUTS;
    }

    @Override
    public Fit<Answer> fit(Target target, String adapterId, LabelRows labels) {
        List<Target> members =
                target instanceof Target.Several several ? several.members() : List.of(target);
        List<Span> spans = new ArrayList<>();
        for (Target member : members) {
            if (!(member instanceof Span span) || span.label().isPresent()) {
                return refused(
                        "the %s %s is no answer, but adapter '%s' learns where in a passage one is: expected a span without a label, a list of such spans that are right, or an empty list for no answer"
                                .formatted(member.noun(), Excerpt.of(member.shown()), adapterId));
            }
            if (span.start() < 0 || span.end() <= span.start()) {
                return refused(
                        "the answer is characters %s for adapter '%s', expected a start of 0 or more, and an end after it"
                                .formatted(span.shown(), adapterId));
            }
            spans.add(span);
        }
        return new Fit.Ready<>(new Answer(spans, List.of()));
    }

    private static Fit<Answer> refused(String message) {
        return new Fit.Refused<>(Fit.Reason.NO_SPAN, message);
    }

    @Override
    public Fit<Answer> placed(Answer target, Tokens text, String adapterId) {
        String passage = text.passage().orElseThrow().text();
        int length = passage.codePointCount(0, passage.length());
        List<String> texts = new ArrayList<>();
        for (Span span : target.spans()) {
            if (span.end() > length) {
                return refused(
                        "the answer is characters %s for adapter '%s', but the passage has %d: expected places in textPair, counted in Unicode code points from 0"
                                .formatted(span.shown(), adapterId, length));
            }
            int from = passage.offsetByCodePoints(0, span.start());
            String said =
                    passage.substring(
                            from, passage.offsetByCodePoints(from, span.end() - span.start()));
            if (!VisibleText.isIn(said)) {
                return refused(
                        "the answer is characters %s for adapter '%s', where the passage shows nothing but blanks: expected a place of something to read, or an empty list for no answer"
                                .formatted(span.shown(), adapterId));
            }
            if (AnswerPlaces.read(span, text).isEmpty()) {
                return refused(
                        "the answer is characters %s for adapter '%s', %s of the passage, for which the base model has no token: expected a place that it reads, such as the words beside it"
                                .formatted(span.shown(), adapterId, Excerpt.of(said)));
            }
            texts.add(said);
        }
        if (!target.isEmpty() && AnswerPlaces.learned(target.spans(), text).isEmpty()) {
            int longest =
                    text.windows().stream()
                            .mapToInt(window -> window.ids().length)
                            .max()
                            .orElseThrow();
            return refused(
                    "the answer at characters %s is whole in none of the windows in which adapter '%s' reads the passage, %s of up to %s: shorten the answer or the passage, or raise model.max-length"
                            .formatted(
                                    target.told().shown(),
                                    adapterId,
                                    Amount.of(text.windows().size(), "window"),
                                    Amount.of(longest, "token")));
        }
        return new Fit.Ready<>(new Answer(target.spans(), texts));
    }

    @Override
    public String sample(List<String> labels) {
        return "{\"start\": 3, \"end\": 9}";
    }

    @Override
    public Target told(Answer target, LabelRows labels) {
        return target.told();
    }

    @Override
    public Answers<Answer> answers(PtNDArray outputs, List<Tokens> texts, List<Answer> targets) {
        float[] logits = outputs.toFloatArray();
        List<Said<Answer>> said = new ArrayList<>();
        int offset = 0;
        for (Tokens text : texts) {
            SpanSearch.Found found = SpanSearch.in(text, logits, offset);
            said.add(new Said<>(answer(found), found.probability()));
            offset += OUTPUTS * text.count();
        }
        return new Answers<>(losses(outputs, texts, targets), said);
    }

    /** Loss of each text, (texts). */
    private static PtNDArray losses(PtNDArray outputs, List<Tokens> texts, List<Answer> targets) {
        List<Integer> lengths = new ArrayList<>();
        List<Long> learned = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < texts.size(); i++) {
            List<Tokens> windows = texts.get(i).windows();
            List<Place> places = AnswerPlaces.of(targets.get(i), texts.get(i));
            for (int k = 0; k < windows.size(); k++) {
                learned.add(offset + places.get(k).start());
                learned.add(offset + places.get(k).end());
                lengths.add(windows.get(k).ids().length);
                offset += windows.get(k).ids().length;
            }
        }
        PtNDArray logProbabilities =
                rows(split(outputs, lengths).stream().map(w -> logSoftmax(w, 0)).toList());
        long[] index = learned.stream().mapToLong(Long::longValue).toArray();
        PtNDArray chosen = longs(outputs.getManager(), index, lengths.size(), OUTPUTS);
        PtNDArray ofWindows = neg(mean(gather(logProbabilities, chosen, 0), 1, false));
        return rows(
                split(ofWindows, texts.stream().map(text -> text.windows().size()).toList())
                        .stream()
                        .map(windows -> mean(windows, 0, true))
                        .toList());
    }

    private static Answer answer(SpanSearch.Found found) {
        return found.span().map(span -> new Answer(List.of(span), List.of())).orElse(Answer.NONE);
    }

    @Override
    public Optional<Scale> scale(Score<Answer> before, List<Answer> targets) {
        return Optional.empty();
    }

    @Override
    public Target said(float[] outputs, Tokens text, List<String> labels) {
        return answer(SpanSearch.in(text, outputs, 0)).told();
    }

    /** There are no labels. */
    @Override
    public Map<String, Float> probabilities(float[] outputs, List<String> labels) {
        return Map.of();
    }

    @Override
    public float loss(float[] outputs, Tokens text, List<String> labels, Target target) {
        List<Tokens> windows = text.windows();
        List<Place> places = AnswerPlaces.of(answer(target), text);
        double loss = 0;
        int offset = 0;
        for (int k = 0; k < windows.size(); k++) {
            int tokens = windows.get(k).ids().length;
            loss += CrossEntropy.of(outputs, offset, OUTPUTS, tokens, places.get(k).start());
            loss += CrossEntropy.of(outputs, offset + 1, OUTPUTS, tokens, places.get(k).end());
            offset += OUTPUTS * tokens;
        }
        return (float) (loss / (OUTPUTS * windows.size()));
    }

    private static Answer answer(Target told) {
        return told instanceof Span span
                ? new Answer(List.of(span), List.of())
                : new Answer(
                        ((Target.Several) told).members().stream().map(Span.class::cast).toList(),
                        List.of());
    }

    /** 1 if it is one of the right answers, by its place. */
    @Override
    public double merit(Target said, Target target) {
        return answer(target).told().equals(said)
                        || answer(target).spans().stream().anyMatch(said::equals)
                ? 1
                : 0;
    }

    @Override
    public AnswerScore newScore(int labels) {
        return AnswerScore.EMPTY;
    }

    @Override
    public AnswerScore own(Score<?> score) {
        return (AnswerScore) score;
    }

    @Override
    public AnswerScore score(ScoreFields fields) {
        return AnswerScore.of(fields);
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
        return "no answer";
    }

    /** What its F1 is above that of always saying that there is no answer. */
    @Override
    public OptionalDouble gain(Map<String, Double> metrics) {
        Double f1 = metrics.get(AnswerScore.RECENT_F1);
        Double none = metrics.get(AnswerScore.RECENT_BASELINE);
        return f1 == null || none == null ? OptionalDouble.empty() : OptionalDouble.of(f1 - none);
    }

    @Override
    public TaskCard<Answer> card() {
        return new QuestionAnsweringCard();
    }
}
