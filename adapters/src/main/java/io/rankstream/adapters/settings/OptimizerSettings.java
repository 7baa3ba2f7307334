package io.rankstream.adapters.settings;

import java.io.Serializable;

/**
 * AdamW with torch's semantics, global-norm clipping and the learning rate's schedule.
 *
 * @param learningRate peak learning rate of the triplets
 * @param headLearningRate peak learning rate of the head
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled weight decay
 * @param maxGradientNorm global norm that gradients are clipped to; 0 turns clipping off
 * @param learningRateSchedule factor on both learning rates over steps
 */
public record OptimizerSettings(
        double learningRate,
        double headLearningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double maxGradientNorm,
        LearningRateSchedule learningRateSchedule)
        implements Serializable {}
