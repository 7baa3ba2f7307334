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
}
