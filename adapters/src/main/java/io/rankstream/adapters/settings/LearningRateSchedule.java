package io.rankstream.adapters.settings;

import io.rankstream.adapters.adalora.Counted;
import io.rankstream.adapters.adalora.Progress;
import java.io.Serializable;

/**
 * Factor on the peak learning rate: linear warm-up, then constant, or linear decay to zero at a
 * given step.
 *
 * @param counted what the warm-up is counted in
 * @param warmup length over which the factor rises from 0 to 1
 * @param decayEndStep step at which the factor reaches 0, from the end of a warm-up that is counted
 *     in steps; 0 keeps it constant after the warm-up
 */
public record LearningRateSchedule(Counted counted, long warmup, long decayEndStep)
        implements Serializable {

    public LearningRateSchedule {
        if (counted == Counted.EXAMPLES && decayEndStep > 0) {
            throw new IllegalArgumentException(
                    "a decay that ends at a step needs a warm-up counted in steps");
        }
    }

    /** A schedule whose warm-up is counted in steps. */
    public LearningRateSchedule(long warmupSteps, long decayEndStep) {
        this(Counted.STEPS, warmupSteps, decayEndStep);
    }

    /**
     * Factor of one step, in [0, 1].
     *
     * @param reached what is completed with that step
     */
    public float factor(Progress reached) {
        if (reached.in(counted) <= warmup) {
            return reached.in(counted) / (float) warmup;
        }
        if (decayEndStep == 0) {
            return 1f;
        }
        long before = reached.steps() - 1;
        return Math.max(0f, (decayEndStep - before) / (float) (decayEndStep - warmup));
    }
}
