package io.rankstream.job;

/** Names under which operators keep their state in savepoints. They never change. */
public final class Uids {

    static final String SOURCE = "labeled-examples";
    static final String DECODE = "decode";
    static final String COMMANDS = "control-commands";
    static final String DECODE_COMMANDS = "decode-commands";
    static final String ENCODE = "encode";

    /** Gathers pending examples into micro-batches. */
    public static final String MICRO_BATCH = "micro-batch";

    /** Trains adapters; its keyed state is the adapters. */
    public static final String TRAIN = "train";

    static final String TRAINING_REPORTS = "training-reports";
    static final String PREDICTIONS = "predictions";
    static final String ADAPTER_VERSIONS = "adapter-versions";
    static final String DEAD_LETTERS = "dead-letters";

    private Uids() {}
}
