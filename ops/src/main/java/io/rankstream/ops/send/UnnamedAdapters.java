package io.rankstream.ops.send;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.topic.Topic;
import java.util.Optional;

/**
 * Says what becomes of records for an adapter that a configuration does not name. Where it names
 * none, all are meant to begin by themselves, and nothing is said.
 */
public final class UnnamedAdapters {

    private final ConfiguredAdapters adapters;
    private final boolean beginsSome;
    private final Topic<?> topic;

    /**
     * @param topic what records are sent to
     */
    public UnnamedAdapters(JobConfig job, Topic<?> topic) {
        this.adapters = job.adapters();
        this.beginsSome = job.loop().mode().learns();
        this.topic = topic;
    }

    /** What a job of the configuration does, in a sentence; empty for an adapter that it names. */
    public Optional<String> told(String adapter) {
        if (adapters.isUnknown(adapter)) {
            return Optional.of(
                    "adapter '%s' is none of this configuration: what is sent to it becomes dead letters unless the job's own has it; name it under adapters, or give training.labels"
                            .formatted(adapter));
        }
        if (adapters.named().isEmpty()
                || adapters.isNamed(adapter)
                || !beginsSome
                || topic.equals(Topic.LABELS)) {
            return Optional.empty();
        }
        return Optional.of(
                "adapter '%s' is not named in the configuration: where the job does not have it, %s"
                        .formatted(
                                adapter,
                                topic.equals(Topic.UNLABELED_INPUTS)
                                        ? "one that has learned nothing answers, with the settings of training"
                                        : "it begins as a new adapter, with the settings of training"));
    }
}
