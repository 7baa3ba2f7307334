package io.rankstream.adapters.adalora;

/** Cubic decrease of the budget (eq. 12 of the paper, as its code has it). */
final class CubicRamp {
    private CubicRamp() {}

    /** {@code ⌊bᵀ + (b⁰ − bᵀ)(1 − elapsed / length)³⌋}. */
    static int budget(long elapsed, long length, int initial, int target) {
        double remaining = 1 - (double) elapsed / length;
        return (int) (target + (initial - target) * (remaining * remaining * remaining));
    }
}
