package io.rankstream.job.batch;

/** What the trainer does next for one adapter. */
public sealed interface AdapterWork permits MicroBatch, JudgedCommand {

    /** The adapter. */
    String adapterId();
}
