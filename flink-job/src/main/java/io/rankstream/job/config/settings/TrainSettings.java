package io.rankstream.job.config.settings;

import java.io.Serializable;
import java.time.Duration;

/**
 * Training operator.
 *
 * @param cacheBytes bytes of adapters that one subtask keeps ready to train; at least the newest
 *     one stays
 * @param maxAdapters adapters without settings of their own that one subtask creates
 * @param bundleTokens tokens at which a bundle of micro-batches is trained; 0 trains each by itself
 * @param bundleLinger processing time that the first micro-batch of a bundle waits for others
 * @param predict how inputs without a label wait to be predicted
 * @param sharesBudget whether the adapters share one rank budget
 */
public record TrainSettings(
        long cacheBytes,
        int maxAdapters,
        int bundleTokens,
        Duration bundleLinger,
        PredictSettings predict,
        boolean sharesBudget)
        implements Serializable {

    /** Of adapters that each have a budget of their own, with inputs as they wait by default. */
    public TrainSettings(
            long cacheBytes, int maxAdapters, int bundleTokens, Duration bundleLinger) {
        this(cacheBytes, maxAdapters, bundleTokens, bundleLinger, PredictSettings.DEFAULT, false);
    }
}
