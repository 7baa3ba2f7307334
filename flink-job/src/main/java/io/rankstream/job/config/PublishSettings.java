package io.rankstream.job.config;

import java.io.Serializable;

/**
 * Published adapters.
 *
 * @param directory folder or Flink file system URI that versions are written to
 * @param everySteps steps between versions of an adapter
 */
public record PublishSettings(String directory, int everySteps) implements Serializable {
    /** Leaves out the user of a URI. */
    @Override
    public String toString() {
        return "PublishSettings[directory=%s, everySteps=%d]"
                .formatted(Secrets.redact(directory), everySteps);
    }
}
