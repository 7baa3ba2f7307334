package io.rankstream.adapters.state;

/** Seeds by counter: a draw depends on what it is for, never on what was drawn before. */
public final class Seeds {
    private Seeds() {}

    /** A well-mixed seed of {@code base} and {@code name}. */
    public static long derive(long base, String name) {
        long seed = base;
        for (int i = 0; i < name.length(); i++) {
            seed = derive(seed, name.charAt(i));
        }
        return seed;
    }

    /** A well-mixed seed of {@code base} and numbers, in their order. */
    public static long derive(long base, int[] numbers) {
        long seed = derive(base, numbers.length);
        for (int number : numbers) {
            seed = derive(seed, number);
        }
        return seed;
    }

    /** A well-mixed seed of {@code base} and {@code counter} (the finaliser of SplitMix64). */
    public static long derive(long base, long counter) {
        long z = base + (counter + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
