package io.rankstream.adapters.task.answering;

import io.rankstream.adapters.task.Target.Span;
import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Which tokens of a window an answer is. */
final class AnswerPlaces {

    /**
     * First and last token of an answer.
     *
     * @param start the first
     * @param end the last
     */
    record Place(int start, int end) {

        /** What is learned of a window that has not the whole answer: its first special token. */
        static final Place NONE = new Place(0, 0);
    }

    private AnswerPlaces() {}

    /** The place in each window of what is learned of an answer. */
    static List<Place> of(Answer answer, Tokens text) {
        Optional<Span> learned = learned(answer.spans(), text);
        return text.windows().stream()
                .map(Tokens::passage)
                .map(Optional::orElseThrow)
                .map(window -> learned.flatMap(span -> place(span, window)).orElse(Place.NONE))
                .toList();
    }

    /** The first that is whole in a window; empty if none is. */
    static Optional<Span> learned(List<Span> spans, Tokens text) {
        return spans.stream()
                .filter(
                        span ->
                                text.windows().stream()
                                        .map(window -> window.passage().orElseThrow())
                                        .anyMatch(window -> place(span, window).isPresent()))
                .findFirst();
    }

    /**
     * The tokens that have a character of the answer; empty if the window has not all of it. Of
     * tokens that share a character all are taken, where transformers' script takes the last one
     * for the start and the first one for the end, which may come before it.
     */
    private static Optional<Place> place(Span span, Passage window) {
        int[] inside = IntStream.range(0, window.starts().length).filter(window::has).toArray();
        if (inside.length == 0
                || window.starts()[inside[0]] > span.start()
                || window.ends()[inside[inside.length - 1]] < span.end()) {
            return Optional.empty();
        }
        int start = inside[0];
        while (window.ends()[start] <= span.start()) {
            start++;
        }
        int end = inside[inside.length - 1];
        while (window.starts()[end] >= span.end()) {
            end--;
        }
        return start <= end ? Optional.of(new Place(start, end)) : Optional.empty();
    }
}
