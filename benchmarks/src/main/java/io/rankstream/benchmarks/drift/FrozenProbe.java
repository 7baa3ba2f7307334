package io.rankstream.benchmarks.drift;

import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.schemas.LabeledExample;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Asks an adapter about examples of before a change that it never learns from: what it knows of
 * them just before the change, a while after it, and at the end.
 */
final class FrozenProbe {

    /** So many examples after the change. */
    private static final int LATER = 400;

    private static final int TEXTS_A_PASS = 64;

    /**
     * Shares of right answers.
     *
     * @param examples that were asked about
     * @param before the change, after the last step that has nothing of it
     * @param later 400 examples after it; NaN if the stream ends before
     * @param end at the end of the stream
     */
    record Kept(int examples, double before, double later, double end) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f; %.3f; %.3f", before, later, end);
        }
    }

    private final List<Tokens> texts;
    private final List<String> truths;
    private final int change;
    private double newest;
    private OptionalDouble before = OptionalDouble.empty();
    private OptionalDouble later = OptionalDouble.empty();

    /**
     * @param stream one with a probe
     * @param encoder of the adapter's model
     */
    FrozenProbe(LabeledStream stream, TextEncoder encoder) {
        texts = stream.probe().stream().map(example -> encoder.encode(example.getText())).toList();
        truths =
                stream.probe().stream()
                        .map(LabeledExample::getLabel)
                        .map(Object::toString)
                        .toList();
        change = stream.changes().get(0);
    }

    /**
     * A step was taken.
     *
     * @param trained examples so far
     * @param next examples of the next step at most
     * @param isLast whether it may be the last
     */
    void trained(ResidentAdapter adapter, int trained, int next, boolean isLast) {
        boolean isBefore = before.isEmpty() && trained + next > change;
        boolean isLater = later.isEmpty() && trained >= change + LATER;
        if (isBefore || isLater || isLast) {
            newest = share(adapter);
            before = isBefore ? OptionalDouble.of(newest) : before;
            later = isLater ? OptionalDouble.of(newest) : later;
        }
    }

    private double share(ResidentAdapter adapter) {
        List<String> labels = adapter.labels().active();
        int right = 0;
        for (int from = 0; from < texts.size(); from += TEXTS_A_PASS) {
            int to = Math.min(from + TEXTS_A_PASS, texts.size());
            float[][] logits = adapter.logitsOf(texts.subList(from, to));
            for (int i = from; i < to; i++) {
                right += labels.get(largest(logits[i - from])).equals(truths.get(i)) ? 1 : 0;
            }
        }
        return right / (double) texts.size();
    }

    private static int largest(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    /** What it found; only at the end of a stream. */
    Kept kept() {
        return new Kept(texts.size(), before.orElseThrow(), later.orElse(Double.NaN), newest);
    }
}
