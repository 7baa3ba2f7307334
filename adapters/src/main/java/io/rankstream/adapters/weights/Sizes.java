package io.rankstream.adapters.weights;

/** Length checks of the arrays in an adapter's state. */
public final class Sizes {
    private Sizes() {}

    public static void require(String what, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException(
                    what + " holds " + found + " values, expected " + expected);
        }
    }

    /** Sum of the lengths of arrays that lie one behind the other. */
    public static int sum(String what, int[] lengths) {
        long sum = 0;
        for (int length : lengths) {
            if (length < 0) {
                throw new IllegalArgumentException(
                        "%s are %d, expected 0 or more".formatted(what, length));
            }
            sum += length;
        }
        if (sum > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "%s are %d in all, expected %d at most"
                            .formatted(what, sum, Integer.MAX_VALUE));
        }
        return (int) sum;
    }
}
