package io.rankstream.job;

/** Names under which operators keep their state in savepoints. They never change. */
final class Uids {

    static final String SOURCE = "labeled-examples";
    static final String DECODE = "decode";
    static final String COMMANDS = "control-commands";
    static final String DECODE_COMMANDS = "decode-commands";
    static final String ENCODE = "encode";
    static final String MICRO_BATCH = "micro-batch";
    static final String TRAIN = "train";
    static final String TRAINING_REPORTS = "training-reports";
    static final String PREDICTIONS = "predictions";
    static final String ADAPTER_VERSIONS = "adapter-versions";
    static final String DEAD_LETTERS = "dead-letters";

    private Uids() {}
}
