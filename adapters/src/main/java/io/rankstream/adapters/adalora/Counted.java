package io.rankstream.adapters.adalora;

/** What the warm-ups and the ramp of an adapter are counted in. */
public enum Counted {
    /** Optimizer steps, as the paper does. */
    STEPS,
    /** Examples that were trained on, whatever a step consists of. */
    EXAMPLES
}
