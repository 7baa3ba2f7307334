package io.rankstream.job;

/**
 * Names under which operators keep their state in savepoints. They never change. Sources and sinks
 * have the roles of their topics.
 */
public final class Uids {

    static final String DECODE = "decode";
    static final String DECODE_COMMANDS = "decode-commands";
    static final String ENCODE = "encode";
    static final String COMMANDS_TO_ADAPTERS = "commands-to-adapters";
    static final String INPUTS_TO_ADAPTERS = "inputs-to-adapters";
    static final String TELL_PREDICTIONS = "tell-predictions";
    static final String DECODE_INPUTS = "decode-inputs";
    static final String ENCODE_INPUTS = "encode-inputs";

    /** Gathers pending examples into micro-batches. */
    public static final String MICRO_BATCH = "micro-batch";

    /** Trains adapters; its keyed state is the adapters. */
    public static final String TRAIN = "train";

    /** Divides the budget that adapters share; it is there only where they do. */
    public static final String FLEET = "fleet";

    /** Writes what follows from that. */
    public static final String FLEET_COMMANDS = "fleet-commands";

    static final String GIVEN_PREDICTIONS = "given-predictions";
    static final String DECODE_LABELS = "decode-labels";

    /** Asks for labels, and joins them with their inputs; it is there only where the job asks. */
    public static final String LOOP = "loop";

    /**
     * Writes examples with the labels that were joined; the source of all examples has their role.
     */
    static final String JOINED_EXAMPLES = "joined-examples";

    private Uids() {}
}
