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

    /** The first that is whole in a window, as it is {@linkplain #read read}; empty if none is. */
    static Optional<Span> learned(List<Span> spans, Tokens text) {
        return spans.stream()
                .flatMap(span -> read(span, text).stream())
                .filter(span -> isWholeInAWindow(span, text))
                .findFirst();
    }

    private static boolean isWholeInAWindow(Span span, Tokens text) {
        return text.windows().stream()
                .map(window -> window.passage().orElseThrow())
                .anyMatch(window -> place(span, window).isPresent());
    }

    /**
     * A part of the passage without the characters at its ends for which there is no token, such as
     * blanks; empty if there is none for any. What lies beyond the last window is not known to have
     * none.
     */
    static Optional<Span> read(Span span, Tokens text) {
        int start = span.end();
        int end = span.start();
        int reached = 0;
        for (Tokens tokens : text.windows()) {
            Passage window = tokens.passage().orElseThrow();
            for (int token = 0; token < window.starts().length; token++) {
                if (isIn(span, window, token)) {
                    start = Math.min(start, Math.max(window.starts()[token], span.start()));
                    end = Math.max(end, Math.min(window.ends()[token], span.end()));
                }
                reached = Math.max(reached, window.ends()[token]);
            }
        }
        if (text.truncated() && span.end() > reached) {
            return Optional.of(new Span(Math.min(start, span.end() - 1), span.end()));
        }
        return start < end ? Optional.of(new Span(start, end)) : Optional.empty();
    }

    private static boolean isIn(Span span, Passage window, int token) {
        return window.has(token)
                && Math.min(window.ends()[token], span.end())
                        > Math.max(window.starts()[token], span.start());
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
