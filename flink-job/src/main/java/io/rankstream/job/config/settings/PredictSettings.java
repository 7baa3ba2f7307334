package io.rankstream.job.config.settings;

import java.io.Serializable;
import java.time.Duration;

/**
 * How inputs without a label wait to be predicted together.
 *
 * @param bundleTokens tokens of inputs at which they are predicted; 0 predicts each by itself
 * @param linger processing time that the first of them waits for others
 */
public record PredictSettings(int bundleTokens, Duration linger) implements Serializable {

    /** Unless the file says otherwise. */
    public static final PredictSettings DEFAULT = new PredictSettings(2_048, Duration.ofMillis(5));
}
