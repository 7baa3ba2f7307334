package io.rankstream.adapters.task.answering;

import io.rankstream.adapters.task.Target.Span;
import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Tokens;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The most likely answer by a start and an end logit of each token, as transformers' script for
 * SQuAD finds it. In each window the {@value #BEST} best starts and ends in the passage are paired;
 * an answer ends where it starts or later and has at most {@value #LONGEST} tokens. Its score is
 * the sum of its two logits, and the best of all windows counts. No answer has the score of the
 * first special token, the least of all windows, and is said if that is above the best answer's.
 */
final class SpanSearch {

    static final int LONGEST = 30;

    private static final int BEST = 20;

    /** By how much no answer must be better than the best one to be said. */
    private static final double NULL_THRESHOLD = 0;

    private static final Comparator<Map.Entry<Span, Double>> BEST_FIRST =
            Map.Entry.<Span, Double>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry::getKey, Comparator.comparingInt(Span::start))
                    .thenComparing(Map.Entry::getKey, Comparator.comparingInt(Span::end));

    /**
     * What is said.
     *
     * @param span the answer, without white space around it; empty for none
     * @param probability its share of the exponentials of the scores of the {@value #BEST} best
     *     answers and of none
     */
    record Found(Optional<Span> span, float probability) {}

    private final int[] characters;
    private final float[] outputs;
    private final Map<Span, Double> scores = new HashMap<>();

    private SpanSearch(int[] characters, float[] outputs) {
        this.characters = characters;
        this.outputs = outputs;
    }

    /**
     * The answer in a passage.
     *
     * @param outputs start and end logit of each token, window after window
     * @param offset where they begin
     */
    static Found in(Tokens text, float[] outputs, int offset) {
        int[] characters = text.passage().orElseThrow().text().codePoints().toArray();
        SpanSearch search = new SpanSearch(characters, outputs);
        double none = Double.POSITIVE_INFINITY;
        int at = offset;
        for (Tokens window : text.windows()) {
            none = Math.min(none, (double) outputs[at] + outputs[at + 1]);
            search.pair(window.passage().orElseThrow(), at);
            at += 2 * window.ids().length;
        }
        return search.best(none);
    }

    private void pair(Passage window, int offset) {
        List<Integer> ends = best(window, offset + 1);
        for (int start : best(window, offset)) {
            for (int end : ends) {
                if (start <= end && end - start < LONGEST) {
                    Span span = new Span(firstShown(window, start), lastShown(window, end) + 1);
                    double score =
                            (double) outputs[offset + 2 * start] + outputs[offset + 2 * end + 1];
                    scores.merge(span, score, Math::max);
                }
            }
        }
    }

    /** The tokens of the passage with the best logits, among those that show something. */
    private List<Integer> best(Passage window, int offset) {
        return IntStream.range(0, window.starts().length)
                .filter(token -> window.has(token) && showsSomething(window, token))
                .boxed()
                .sorted(
                        Comparator.comparingDouble((Integer token) -> -outputs[offset + 2 * token])
                                .thenComparing(Comparator.naturalOrder()))
                .limit(BEST)
                .toList();
    }

    private boolean showsSomething(Passage window, int token) {
        return firstShown(window, token) < window.ends()[token];
    }

    private int firstShown(Passage window, int token) {
        int at = window.starts()[token];
        while (at < window.ends()[token] && Character.isWhitespace(characters[at])) {
            at++;
        }
        return at;
    }

    private int lastShown(Passage window, int token) {
        int at = window.ends()[token] - 1;
        while (at > window.starts()[token] && Character.isWhitespace(characters[at])) {
            at--;
        }
        return at;
    }

    private Found best(double none) {
        List<Map.Entry<Span, Double>> best =
                scores.entrySet().stream().sorted(BEST_FIRST).limit(BEST).toList();
        if (best.isEmpty()) {
            return new Found(Optional.empty(), 1);
        }
        double highest = best.get(0).getValue();
        boolean isNone = none - highest > NULL_THRESHOLD;
        double said = isNone ? none : highest;
        double sum = Math.exp(none - said);
        for (Map.Entry<Span, Double> candidate : best) {
            sum += Math.exp(candidate.getValue() - said);
        }
        return new Found(
                isNone ? Optional.empty() : Optional.of(best.get(0).getKey()), (float) (1 / sum));
    }
}
