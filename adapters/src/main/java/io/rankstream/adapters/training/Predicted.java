package io.rankstream.adapters.training;

import java.util.List;

/**
 * What an adapter makes of texts.
 *
 * @param logits a row a text
 * @param norms Euclidean norm of what the head's last layer read of each text
 * @param alarms that they raised; none where inputs are not watched
 */
public record Predicted(float[][] logits, float[] norms, List<StepInputAlarm> alarms) {}
