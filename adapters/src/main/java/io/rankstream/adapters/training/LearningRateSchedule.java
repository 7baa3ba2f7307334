package io.rankstream.adapters.training;

import java.io.Serializable;

/**
 * Factor on the peak learning rate: linear warm-up, then constant, or linear decay to zero at a
 * given step.
 *
 * @param warmupSteps steps over which the factor rises from 0 to 1
 * @param decayEndStep step at which the factor reaches 0; 0 keeps it constant after the warm-up
 */
public record LearningRateSchedule(long warmupSteps, long decayEndStep) implements Serializable {

    /** Factor of the step after {@code step} completed ones, in [0, 1]. */
    public float factor(long step) {
        if (step < warmupSteps) {
            return (step + 1) / (float) warmupSteps;
        }
        if (decayEndStep == 0) {
            return 1f;
        }
        return Math.max(0f, (decayEndStep - step) / (float) (decayEndStep - warmupSteps));
    }
}
