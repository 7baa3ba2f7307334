package io.rankstream.job.topic;

/**
 * Size of the largest record that the job writes to a topic. Ids, messages and topics have a limit,
 * so it has one; labels are configured.
 *
 * @param withoutLabels bytes of it without the labels in it
 * @param labels which labels of its adapter it has
 */
public record LargestRecord(int withoutLabels, Labels labels) {

    /** Of a topic that the job does not write. */
    static final LargestRecord NONE = new LargestRecord(0, Labels.NONE);

    /** Which labels a record has. */
    public enum Labels {
        NONE,
        TWO,
        ALL
    }
}
