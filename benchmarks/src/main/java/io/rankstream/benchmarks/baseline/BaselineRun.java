package io.rankstream.benchmarks.baseline;

import io.rankstream.benchmarks.measure.BareLoop;

/**
 * One run of one method on the examples of one stream.
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
     * @param model name of the base model
     * @param stream name of the stream
     * @param method what is learned
     * @param rank average rank in the end; 0 of a method without
     * @param learningRate peak rate of what is tuned: of the low-rank updates, or of the head alone
     * @param headLearningRate peak rate of the head
     * @param seed seed of the run
     * @param examples most examples, from the start of the stream
     * @param maxLength token limit of a text
     * @param batchSize examples of a step
     */
    record Setting(
            String model,
            String stream,
            Method method,
            int rank,
            double learningRate,
            double headLearningRate,
            long seed,
            int examples,
            int maxLength,
            int batchSize) {}

    static BaselineRun of(Setting setting, BareLoop.Result result) {
        return new BaselineRun(
                setting,
                result.score().accuracy(),
                result.secondHalf(),
                result.score().majorityAccuracy(),
                result.liveParameters());
    }
}
