package io.rankstream.job.batch;

/** What the trainer does next for one adapter: learn, predict, or carry a command out. */
public sealed interface AdapterWork permits BundledWork, JudgedCommand {

    /** The adapter. */
    String adapterId();
}
