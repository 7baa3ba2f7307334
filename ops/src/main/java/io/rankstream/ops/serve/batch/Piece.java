package io.rankstream.ops.serve.batch;

import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts of a question that go into one pass: all of them, unless they have more tokens than a pass
 * takes. Used by one thread at a time.
 *
 * @param from first of the question's texts
 * @param to one after the last of them
 * @param since when the question came, by {@link System#nanoTime}
 * @param rows what was said of the texts before these
 * @param <A> an adapter
 */
record Piece<A>(Question<A> question, int from, int to, long since, List<float[]> rows) {

    /** The first piece of a question. */
    static <A> Piece<A> first(Question<A> question, int passTokens, long since) {
        return of(question, 0, passTokens, since, new ArrayList<>());
    }

    /** The piece after this one. */
    Piece<A> next(int passTokens) {
        return of(question, to, passTokens, since, rows);
    }

    private static <A> Piece<A> of(
            Question<A> question, int from, int passTokens, long since, List<float[]> rows) {
        List<Tokens> texts = question.texts();
        int to = from;
        int tokens = 0;
        do {
            tokens += texts.get(to).count();
            to++;
        } while (to < texts.size() && tokens + texts.get(to).count() <= passTokens);
        return new Piece<>(question, from, to, since, rows);
    }

    List<Tokens> texts() {
        return question.texts().subList(from, to);
    }

    int tokens() {
        return texts().stream().mapToInt(Tokens::count).sum();
    }

    boolean isLast() {
        return to == question.texts().size();
    }

    /** Nobody waits for the answer any more. */
    boolean isUnwanted() {
        return question.answer().isDone();
    }

    /** Answers the question by the rows of all of its texts. */
    void complete() {
        question.end().run();
        question.answer().complete(rows.toArray(float[][]::new));
    }

    void fail(Throwable failure) {
        question.end().run();
        question.answer().completeExceptionally(failure);
    }
}
