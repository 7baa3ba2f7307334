package io.rankstream.job.loop.select;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What selection knows of an adapter.
 *
 * @param inputs inputs that could be drawn
 * @param asked requests made
 * @param excluded inputs that could not be drawn, since too many requests were open
 * @param allowed requests that the budget had allowed for {@code inputs}
 * @param meanUtility of a label, over the newest inputs of which something was predicted, without
 *     what is far above it
 * @param predicted inputs of which something was predicted
 * @param meanGap milliseconds of stream time between two inputs, over the newest ones
 * @param gaps gaps that were seen
 * @param lastTime stream time of the newest input, milliseconds since the epoch; {@link
 *     Long#MIN_VALUE} before the first
 * @param labels labels that were decided, by class; those without any are absent
 */
public record SelectionAccount(
        long inputs,
        long asked,
        long excluded,
        double allowed,
        double meanUtility,
        long predicted,
        double meanGap,
        long gaps,
        long lastTime,
        SortedMap<String, Long> labels) {

    /** Of an adapter that nothing has come for. */
    public static final SelectionAccount NONE =
            new SelectionAccount(
                    0, 0, 0, 0, 0, 0, 0, 0, Long.MIN_VALUE, Collections.emptySortedMap());

    /** Newest inputs that a mean is over, about. */
    private static final int MEMORY = 256;

    /** No more than the budget of so long a silence is saved for what comes after it. */
    private static final long LONGEST_GAP = 24 * 60 * 60 * 1000L;

    public SelectionAccount {
        labels = Collections.unmodifiableSortedMap(labels);
    }

    /** Requests that the budget allows beyond those made; negative where too many were made. */
    public double balance() {
        return allowed - asked;
    }

    /** An input was there. */
    SelectionAccount at(long streamTime) {
        if (lastTime == Long.MIN_VALUE) {
            return with(asked, 0, 0, streamTime, labels);
        }
        double gap = Math.min(Math.max(0, streamTime - lastTime), LONGEST_GAP);
        return with(asked, mean(meanGap, gap, gaps + 1), gaps + 1, streamTime, labels);
    }

    /**
     * Something was predicted of an input.
     *
     * @param most utilities above so many times the mean count as that
     */
    SelectionAccount saw(double utility, double most) {
        double counted = meanUtility > 0 ? Math.min(utility, most * meanUtility) : utility;
        return new SelectionAccount(
                inputs,
                asked,
                excluded,
                allowed,
                mean(meanUtility, counted, predicted + 1),
                predicted + 1,
                meanGap,
                gaps,
                lastTime,
                labels);
    }

    private static double mean(double before, double value, long count) {
        return before + (value - before) / Math.min(count, MEMORY);
    }

    /** A utility over the mean, at most {@code most}; 1 where all were 0. */
    double relative(double utility, double most) {
        return meanUtility > 0 ? Math.min(utility / meanUtility, most) : 1;
    }

    /**
     * An input was drawn, or not.
     *
     * @param share requests that the budget allows for it
     */
    SelectionAccount drew(double share, boolean selected) {
        return new SelectionAccount(
                inputs + 1,
                selected ? asked + 1 : asked,
                excluded,
                allowed + share,
                meanUtility,
                predicted,
                meanGap,
                gaps,
                lastTime,
                labels);
    }

    /** An input could not be drawn. */
    SelectionAccount passedOver() {
        return new SelectionAccount(
                inputs,
                asked,
                excluded + 1,
                allowed,
                meanUtility,
                predicted,
                meanGap,
                gaps,
                lastTime,
                labels);
    }

    /** One more vote is asked for, of an input that was asked for before; the budget bears it. */
    public SelectionAccount askedAgain() {
        return with(asked + 1, meanGap, gaps, lastTime, labels);
    }

    /** A label was decided. */
    public SelectionAccount labeled(String label) {
        return counted(label, 1);
    }

    /** A decision for a label was taken back. */
    public SelectionAccount unlabeled(String label) {
        return counted(label, -1);
    }

    private SelectionAccount counted(String label, long more) {
        SortedMap<String, Long> counted = new TreeMap<>(labels);
        counted.compute(
                label,
                (name, count) -> {
                    long now = (count == null ? 0 : count) + more;
                    return now > 0 ? now : null;
                });
        return with(asked, meanGap, gaps, lastTime, counted);
    }

    /**
     * How rare labels are that an input may have: the mean, by their probabilities, of the root of
     * a label's usual count over its own.
     */
    double rarity(Map<String, Float> probabilities) {
        long all = 0;
        for (String label : probabilities.keySet()) {
            all += labels.getOrDefault(label, 0L);
        }
        double usual = (double) all / probabilities.size() + 1;
        double rarity = 0;
        for (Map.Entry<String, Float> of : probabilities.entrySet()) {
            rarity += of.getValue() * Math.sqrt(usual / (labels.getOrDefault(of.getKey(), 0L) + 1));
        }
        return rarity;
    }

    private SelectionAccount with(
            long newAsked,
            double newGap,
            long newGaps,
            long newTime,
            SortedMap<String, Long> newLabels) {
        return new SelectionAccount(
                inputs,
                newAsked,
                excluded,
                allowed,
                meanUtility,
                predicted,
                newGap,
                newGaps,
                newTime,
                newLabels);
    }
}
