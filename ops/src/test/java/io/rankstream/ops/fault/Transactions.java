package io.rankstream.ops.fault;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/**
 * Transactions of the predictions' sink on the broker. The results up to checkpoint n are in the
 * transaction whose id ends with n; the sink begins the next one when it pre-commits, with the
 * snapshot, and ends the former when it commits, after the checkpoint.
 */
final class Transactions {

    /** Shorter than a heartbeat may be late: whoever looks may hold a process frozen meanwhile. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final String bootstrapServers;
    private final String prefix;

    Transactions(JobConfig config) {
        this.bootstrapServers = config.kafka().bootstrapServers();
        this.prefix =
                config.kafka().groupId() + "-" + config.topics().of(Topic.PREDICTIONS) + "-0-";
    }

    /**
     * Waits until the results up to a checkpoint are pre-committed and training goes on behind
     * them.
     *
     * @return whether that was so in time, and they were not committed
     */
    boolean arePreCommitted(long checkpoint) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return Await.happens(
                    LIMIT,
                    () ->
                            state(admin, checkpoint + 1) == TransactionState.ONGOING
                                    && state(admin, checkpoint) == TransactionState.ONGOING);
        }
    }

    private TransactionState state(Admin admin, long checkpoint) throws Exception {
        String id = prefix + checkpoint;
        try {
            return admin.describeTransactions(List.of(id))
                    .description(id)
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .state();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return TransactionState.UNKNOWN;
            }
            throw e;
        }
    }
}
