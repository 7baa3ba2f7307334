package io.rankstream.adapters.peft;

/** Keeps NaN and infinity out of published files. */
final class Finite {
    private Finite() {}

    static void require(float[] values, String what) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        what + " holds " + value + ", expected finite numbers in an adapter");
            }
        }
    }
}
