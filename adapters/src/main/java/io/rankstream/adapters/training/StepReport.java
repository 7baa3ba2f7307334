package io.rankstream.adapters.training;

import io.rankstream.adapters.fleet.ImportanceHistogram;
import io.rankstream.adapters.task.Score;
import java.util.List;
import java.util.Optional;

/**
 * What one optimizer step did.
 *
 * @param step number of this step, from 1
 * @param examples examples trained on
 * @param tokens their tokens, without padding
 * @param paddedTokens tokens that attention computed, with padding up to the longest text of a
 *     bucket; every other layer computed {@code tokens}
 * @param taskLoss mean loss of the task
 * @param orthogonalityLoss regulariser, already multiplied by γ
 * @param gradientNorm global norm before clipping
 * @param learningRate learning rate of this step
 * @param budget triplets the schedule allowed at this step
 * @param liveRanks live rank of each module after this step
 * @param masked whether this step set the mask anew
 * @param score prequential score, this step's examples included
 * @param alarms of changes that its examples raised
 * @param alarmsTotal the same of the adapter's life; 0 where nobody watches
 * @param inputAlarms the same of what can be seen without labels
 * @param importance of all triplets, where the step let them compete
 * @param replayed what it learned from again, which is not among {@code examples}, {@code tokens},
 *     {@code taskLoss} and {@code score}
 */
public record StepReport(
        long step,
        int examples,
        int tokens,
        int paddedTokens,
        float taskLoss,
        float orthogonalityLoss,
        float gradientNorm,
        float learningRate,
        int budget,
        int[] liveRanks,
        boolean masked,
        Score<?> score,
        List<StepAlarm> alarms,
        long alarmsTotal,
        List<StepInputAlarm> inputAlarms,
        Optional<ImportanceHistogram> importance,
        Replayed replayed) {

    /**
     * Kept examples of a step.
     *
     * @param examples how many
     * @param tokens their tokens, without padding
     */
    public record Replayed(int examples, int tokens) {}
}
