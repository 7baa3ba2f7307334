package io.rankstream.job.batch;

/** Work that goes through the base model, with that of other adapters where they can share it. */
public sealed interface BundledWork extends AdapterWork permits MicroBatch, PredictionRequest {

    /** Tokens of all texts, without padding. */
    int tokens();
}
