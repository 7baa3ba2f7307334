package io.rankstream.adapters.adalora;

/** What the warm-ups and the ramp of an adapter are counted in. */
public enum Counted {
    /** Optimizer steps, as the paper does. */
    STEPS("Steps"),
    /** Examples that were trained on, whatever a step consists of. */
    EXAMPLES("Examples");

    private final String suffix;

    Counted(String suffix) {
        this.suffix = suffix;
    }

    /** What the name of a number ends in that is counted so, as in {@code warmupSteps}. */
    public String suffix() {
        return suffix;
    }
}
