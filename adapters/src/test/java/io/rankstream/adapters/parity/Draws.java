package io.rankstream.adapters.parity;

/** Numbers drawn by counter, the same as in benchmarks/peft/parity/draws.py. */
final class Draws {
    private Draws() {}

    /**
     * Floats of mean 0, row-major; number i is made of the upper 24 bits of SplitMix64's finaliser
     * of {@code seed + (stream · 2³² + i + 1) · γ}.
     *
     * @param deviation their standard deviation
     */
    static float[] uniform(long seed, int stream, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            long bits = finalised(seed + (((long) stream << 32) + i + 1) * 0x9E3779B97F4A7C15L);
            double unit = (bits >>> 40) * 0x1p-23 - 1;
            values[i] = (float) (unit * (deviation * Math.sqrt(3)));
        }
        return values;
    }

    private static long finalised(long counter) {
        long z = (counter ^ (counter >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
