package io.rankstream.adapters.state;

/** Length checks of the arrays in an adapter's state. */
final class Sizes {
    private Sizes() {}

    static void require(String what, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException(
                    what + " holds " + found + " values, expected " + expected);
        }
    }
}
