package io.rankstream.adapters.training;

import io.rankstream.adapters.task.Target;

/**
 * What an adapter said of an example before it was trained on it.
 *
 * @param said what it takes for the target
 * @param target the target, a label as the adapter spells it
 * @param probability how probable it takes what it said for; NaN where its task knows no
 *     probability
 * @param loss loss of the target, in the task's unit
 */
public record Prediction(Target said, Target target, float probability, float loss) {

    /** Whether what it said is the target. */
    public boolean isRight() {
        return said.equals(target);
    }
}
