package io.rankstream.job.config.settings;

import io.rankstream.job.config.option.Secrets;
import java.io.Serializable;

/**
 * Published adapters.
 *
 * @param directory folder or Flink file system URI that versions are written to
 * @param firstStep step of an adapter's first version; from there to the next one it takes as many
 *     steps again, and so on
 * @param everySteps most steps between versions of an adapter
 */
public record PublishSettings(String directory, int firstStep, int everySteps)
        implements Serializable {

    /** Versions at equal distances. */
    public PublishSettings(String directory, int everySteps) {
        this(directory, everySteps, everySteps);
    }

    /**
     * Whether an adapter's next version is due.
     *
     * @param step the adapter's step
     * @param publishedStep step of its last version, 0 before the first
     */
    public boolean isDue(long step, long publishedStep) {
        return step >= nextStep(publishedStep);
    }

    /**
     * Step of an adapter's next version.
     *
     * @param publishedStep step of its last version, 0 before the first
     */
    public long nextStep(long publishedStep) {
        return publishedStep + Math.min(everySteps, Math.max(firstStep, publishedStep));
    }

    /** Leaves out the user of a URI. */
    @Override
    public String toString() {
        return "PublishSettings[directory=%s, firstStep=%d, everySteps=%d]"
                .formatted(Secrets.redact(directory), firstStep, everySteps);
    }
}
