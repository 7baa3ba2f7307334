package io.rankstream.adapters.replay;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What a step learns from again, and where the next draw goes on. Arrays are never modified after
 * construction.
 *
 * @param examples kept examples, each once
 * @param next where the draw after it goes on
 */
public record ReplayDraw(List<KeptExample> examples, Position next) {

    /** Nothing, of an adapter that keeps nothing. */
    public static final ReplayDraw NONE = new ReplayDraw(List.of(), Position.first(0));

    public ReplayDraw {
        examples = List.copyOf(examples);
    }

    /** Tokens of the examples. */
    public int tokens() {
        return examples.stream().mapToInt(example -> example.tokens().ids().length).sum();
    }

    /**
     * Where a draw goes on.
     *
     * @param owed part of an example that new ones were not many enough for so far, less than 1
     * @param lastRow class of the example that was drawn last; -1 before the first
     * @param last draw of the example that was drawn last of each class
     */
    public record Position(double owed, int lastRow, long[] last) {

        public Position {
            if (!(owed >= 0 && owed < 1) || lastRow < -1 || lastRow >= last.length) {
                throw new IllegalArgumentException(
                        "a draw goes on after class %d of %d, with %s of an example owed"
                                .formatted(lastRow, last.length, owed));
            }
        }

        static Position first(int classes) {
            long[] last = new long[classes];
            Arrays.fill(last, Long.MIN_VALUE);
            return new Position(0, -1, last);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Position that
                    && Double.compare(owed, that.owed) == 0
                    && lastRow == that.lastRow
                    && Arrays.equals(last, that.last);
        }

        @Override
        public int hashCode() {
            return Objects.hash(owed, lastRow, Arrays.hashCode(last));
        }
    }
}
