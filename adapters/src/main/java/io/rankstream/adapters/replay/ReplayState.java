package io.rankstream.adapters.replay;

import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A {@link ReplayBuffer} as a value: a part of an adapter's state. Equality is equality of every
 * bit. Arrays are never modified after construction.
 *
 * @param examples those that are kept, by their numbers, ascending
 * @param bars of each class, the draw that an example must be below to be kept
 * @param position where the next draw goes on
 * @param meanings which labels mean something else since a change
 */
public record ReplayState(
        List<KeptExample> examples,
        long[] bars,
        ReplayDraw.Position position,
        MeaningsState meanings) {

    public ReplayState {
        examples = List.copyOf(examples);
        Sizes.require("classes of replay", position.last().length, bars.length);
        Sizes.require("first examples of classes", meanings.first().length, bars.length);
        long number = 0;
        for (KeptExample example : examples) {
            if (example.number() <= number || example.row() >= bars.length) {
                throw new IllegalArgumentException(
                        "the kept example %d after %d is of class %d of %d"
                                .formatted(example.number(), number, example.row(), bars.length));
            }
            number = example.number();
        }
    }

    /**
     * One that keeps nothing yet, of an adapter that has learned from so many examples.
     *
     * @param labels rows of its labels, 0 where its task has none
     */
    public static ReplayState after(long examples, int labels) {
        int classes = classes(labels);
        long[] bars = new long[classes];
        Arrays.fill(bars, Long.MAX_VALUE);
        return new ReplayState(
                List.of(),
                bars,
                ReplayDraw.Position.first(classes),
                MeaningsState.after(examples, classes));
    }

    private static int classes(int labels) {
        return Math.max(1, labels);
    }

    /** The same for more labels, of which nothing is kept. */
    public ReplayState withLabels(int labels) {
        ReplayState more = after(0, labels);
        System.arraycopy(bars, 0, more.bars, 0, bars.length);
        System.arraycopy(position.last(), 0, more.position.last(), 0, bars.length);
        return new ReplayState(
                examples,
                more.bars,
                new ReplayDraw.Position(position.owed(), position.lastRow(), more.position.last()),
                meanings.withClasses(classes(labels)));
    }

    /**
     * Requires that it can be of an adapter.
     *
     * @param labels rows of its labels, 0 where its task has none
     * @param seen examples that it has learned from
     * @throws IllegalArgumentException if it cannot
     */
    public void requireFit(int labels, long seen) {
        Sizes.require("classes of replay", bars.length, classes(labels));
        if (!examples.isEmpty() && examples.get(examples.size() - 1).number() > seen) {
            throw new IllegalArgumentException(
                    "example %d is kept of an adapter that has learned from %d"
                            .formatted(examples.get(examples.size() - 1).number(), seen));
        }
    }

    /** Bytes of the examples. */
    public int bytes() {
        return examples.stream().mapToInt(KeptExample::bytes).sum();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReplayState that
                && examples.equals(that.examples)
                && Arrays.equals(bars, that.bars)
                && position.equals(that.position)
                && meanings.equals(that.meanings);
    }

    @Override
    public int hashCode() {
        return Objects.hash(examples, Arrays.hashCode(bars), position, meanings);
    }
}
