package io.rankstream.job.source;

import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of a commit of the consumer group's offsets. Those show how far the job is; it goes
 * on from its checkpoints alone. So a commit that the next one makes up for is no warning: the
 * first of a group on a new broker fails, say, while the broker makes the topic for it.
 *
 * @param told is given every other outcome
 * @param failed counts a commit that the next one makes up for
 */
record ExplainedCommit(OffsetCommitCallback told, Runnable failed) implements OffsetCommitCallback {

    private static final Logger LOG = LoggerFactory.getLogger(ExplainedCommit.class);

    @Override
    public void onComplete(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
        if (!(failure instanceof RetriableCommitFailedException)) {
            told.onComplete(offsets, failure);
            return;
        }
        failed.run();
        LOG.info(
                "The broker has not taken the consumer group's offsets ({}); the next checkpoint commits them, and the job itself goes on from its checkpoints alone.",
                (failure.getCause() == null ? failure : failure.getCause()).getMessage());
    }
}
