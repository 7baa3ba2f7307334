package io.rankstream.benchmarks.baseline;

import io.rankstream.benchmarks.measure.BareLoop;

/**
 * One run of one method on the examples of one adapter.
 *
 * @param setting what was run
 * @param overall prequential accuracy over the whole run
 * @param secondHalf over the second half of the examples
 * @param majority accuracy of always saying the label that turned out most frequent
 * @param liveParameters learned numbers of the live triplets at the end, without the head's
 */
record BaselineRun(
        Setting setting, double overall, double secondHalf, double majority, long liveParameters) {

    /**
     * What distinguishes a run; runs of equal settings give equal figures on one machine with one
     * number of threads.
     *
     * @param method what is learned
     * @param adapter whose examples it learns from
     * @param learningRate peak rate of what is tuned: of the low-rank updates, or of the head alone
     * @param headLearningRate peak rate of the head
     * @param seed seed of the run
     * @param examples most examples, from the start of the adapter's
     * @param maxLength token limit of a text
     */
    record Setting(
            Baseline method,
            String adapter,
            double learningRate,
            double headLearningRate,
            long seed,
            int examples,
            int maxLength) {}

    static BaselineRun of(Setting setting, BareLoop.Result result) {
        return new BaselineRun(
                setting,
                result.score().accuracy(),
                result.secondHalf(),
                result.score().majorityAccuracy(),
                result.liveParameters());
    }
}
