package io.rankstream.adapters.state;

/** Keeps NaN and infinity out of files. */
public final class Finite {
    private Finite() {}

    /**
     * Checks every value.
     *
     * @param what name of the values in the message
     * @throws IllegalArgumentException if one is NaN or infinite
     */
    public static void require(float[] values, String what) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        what + " holds " + value + ", expected finite numbers in an adapter");
            }
        }
    }
}
