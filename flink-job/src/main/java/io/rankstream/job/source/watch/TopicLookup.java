package io.rankstream.job.source.watch;

import io.rankstream.job.config.settings.KafkaSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the broker has of topics. Safe for several threads. */
public final class TopicLookup implements AutoCloseable {

    private final String bootstrapServers;
    private final Admin admin;

    public TopicLookup(KafkaSettings settings) {
        this.bootstrapServers = settings.bootstrapServers();
        this.admin = Admin.create(settings.impatientProperties());
    }

    /** A topic as it is. */
    public record Topic(Uuid id, Set<Integer> partitions) {}

    /** Offsets of a partition: its first record's, and the one that its next record gets. */
    record Range(long begin, long end) {}

    /**
     * Those of {@code names} that are there.
     *
     * @throws BrokerSilentException if the broker does not say
     */
    Map<String, Topic> topics(Collection<String> names)
            throws BrokerSilentException, InterruptedException {
        Map<String, Topic> found = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> name :
                admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                TopicDescription topic = name.getValue().get();
                found.put(name.getKey(), new Topic(topic.topicId(), partitions(topic)));
            } catch (ExecutionException e) {
                if (!isAbsence(e.getCause())) {
                    throw new BrokerSilentException(bootstrapServers, e.getCause());
                }
            }
        }
        return found;
    }

    /**
     * Where a partition that is there begins and ends.
     *
     * @throws BrokerSilentException if the broker does not say
     */
    Range range(TopicPartition partition) throws BrokerSilentException, InterruptedException {
        return new Range(
                offset(partition, OffsetSpec.earliest()), offset(partition, OffsetSpec.latest()));
    }

    private long offset(TopicPartition partition, OffsetSpec which)
            throws BrokerSilentException, InterruptedException {
        try {
            return admin.listOffsets(Map.of(partition, which))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new BrokerSilentException(bootstrapServers, e.getCause());
        }
    }

    private static Set<Integer> partitions(TopicDescription topic) {
        return topic.partitions().stream()
                .map(TopicPartitionInfo::partition)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isAbsence(Throwable cause) {
        return cause instanceof UnknownTopicOrPartitionException
                || cause instanceof InvalidTopicException;
    }

    @Override
    public void close() {
        admin.close();
    }
}
