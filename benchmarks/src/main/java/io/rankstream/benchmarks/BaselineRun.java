package io.rankstream.benchmarks;

/**
 * One run of one method on the examples of one adapter.
 *
 * @param setting what was run
 * @param overall prequential accuracy over the whole run
 * @param secondHalf the same over the second half of the examples
 * @param liveParameters learned numbers of the live triplets at the end, without the head's
 * @param examplesPerSecond rate over the whole run
 */
record BaselineRun(
        Setting setting,
        double overall,
        double secondHalf,
        long liveParameters,
        double examplesPerSecond) {

    /**
     * What distinguishes a run; runs of equal settings give equal figures on one machine with one
     * number of threads.
     *
     * @param method what is learned
     * @param adapter whose examples
     * @param learningRate peak rate of the low-rank updates and of the head
     * @param seed seed of the run
     * @param examples most examples taken from the adapter's first on
     * @param maxLength token limit of a text
     */
    record Setting(
            Baseline method,
            String adapter,
            double learningRate,
            long seed,
            int examples,
            int maxLength) {}

    static BaselineRun of(Setting setting, BareLoop.Run run) {
        BareLoop.Result result = run.adapters().get(setting.adapter());
        return new BaselineRun(
                setting,
                result.score().accuracy(),
                result.secondHalf(),
                result.liveParameters(),
                run.examplesPerSecond());
    }
}
