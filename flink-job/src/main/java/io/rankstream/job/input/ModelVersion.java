package io.rankstream.job.input;

/** Version of the model that predicted. */
public sealed interface ModelVersion {

    /**
     * A published version of an adapter of this job, the newest one when it predicted.
     *
     * @param number from 1 on
     */
    record Published(long number) implements ModelVersion {}

    /**
     * The version of another model.
     *
     * @param name as that model names it
     */
    record Foreign(String name) implements ModelVersion {}
}
