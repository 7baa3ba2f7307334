package io.rankstream.job.batch;

import org.apache.flink.api.common.state.ValueStateDescriptor;

/**
 * What is known of a key's open micro-batch without reading its examples.
 *
 * @param examples examples it holds
 * @param tokens their tokens, without padding
 * @param deadline processing time at which it closes, in milliseconds since the epoch; {@value
 *     #NO_DEADLINE} for never
 */
record PendingBatch(int examples, long tokens, long deadline) {

    /** Keyed state of the open micro-batch. */
    static final ValueStateDescriptor<PendingBatch> STATE =
            new ValueStateDescriptor<>("pending", PendingBatchSerializer.INSTANCE);

    /** Deadline of a batch that waits for the other limits alone. */
    static final long NO_DEADLINE = Long.MAX_VALUE;

    /** This batch with one more example. */
    PendingBatch plus(int exampleTokens) {
        return new PendingBatch(examples + 1, tokens + exampleTokens, deadline);
    }

    boolean hasDeadline() {
        return deadline != NO_DEADLINE;
    }
}
