package io.rankstream.job.source.watch;

import io.rankstream.job.source.split.TopicSplit;
import io.rankstream.job.source.watch.InputGap.Deleted;
import io.rankstream.job.source.watch.InputGap.MadeAnew;
import io.rankstream.job.source.watch.InputGap.PartitionGone;
import io.rankstream.job.source.watch.InputGap.TopicGone;
import io.rankstream.job.source.watch.InputGap.Truncated;
import io.rankstream.job.source.watch.TopicLookup.Range;
import io.rankstream.job.source.watch.TopicLookup.Topic;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Decides where a partition is read on, and tells what of it is gone. Safe for several threads.
 *
 * <p>Compaction and the markers of transactions leave offsets out as well; nothing is lost by that,
 * so offsets are compared with where a partition begins and ends, not with one another.
 */
public final class InputWatch {

    private final TopicLookup lookup;
    private final Consumer<InputGap> told;
    private final Set<InputGap> absences = ConcurrentHashMap.newKeySet();

    /**
     * @param told is given every gap; one that lasts, once
     */
    public InputWatch(TopicLookup lookup, Consumer<InputGap> told) {
        this.lookup = lookup;
        this.told = told;
    }

    /** Topics that are there, of those of {@code names}. */
    public Map<String, Topic> topics(Set<String> names)
            throws BrokerSilentException, InterruptedException {
        return lookup.topics(names);
    }

    /**
     * Where to read {@code split} on. Its starting offset is a number if its partition is there.
     *
     * @throws BrokerSilentException if the broker does not say what it has
     */
    public TopicSplit locate(KafkaPartitionSplit split)
            throws BrokerSilentException, InterruptedException {
        return locate(split, Long.MAX_VALUE);
    }

    /**
     * Where to read {@code split} on, whose records from {@code divergence} on are others than
     * those that were read.
     *
     * @throws BrokerSilentException if the broker does not say what it has
     */
    public TopicSplit locate(KafkaPartitionSplit split, long divergence)
            throws BrokerSilentException, InterruptedException {
        TopicPartition partition = split.getTopicPartition();
        Topic topic = lookup.topics(Set.of(partition.topic())).get(partition.topic());
        if (topic == null) {
            tellOnce(new TopicGone(partition));
            return new TopicSplit(split, TopicSplit.topicId(split));
        }
        if (!topic.partitions().contains(partition.partition())) {
            tellOnce(new PartitionGone(partition, split.getStartingOffset()));
            return ended(split);
        }
        absences.removeIf(absence -> absence.partition().equals(partition));
        return within(split, topic.id(), lookup.range(partition), divergence);
    }

    private TopicSplit within(KafkaPartitionSplit split, Uuid topicId, Range range, long diverges) {
        TopicPartition partition = split.getTopicPartition();
        Uuid known = TopicSplit.topicId(split);
        long from = split.getStartingOffset();
        if (from == KafkaPartitionSplit.EARLIEST_OFFSET) {
            return at(split, range.begin(), range, topicId);
        }
        if (from < 0) {
            return new TopicSplit(split, topicId);
        }
        if (known == null ? from > range.end() : !known.equals(topicId)) {
            told.accept(new MadeAnew(partition, from, range.begin(), known, topicId));
            return at(split, range.begin(), range, topicId);
        }
        if (from < range.begin()) {
            told.accept(new Deleted(partition, from, range.begin()));
            return at(split, range.begin(), range, topicId);
        }
        long end = Math.min(range.end(), Math.max(diverges, range.begin()));
        if (from > end) {
            told.accept(new Truncated(partition, from, end));
            return at(split, end, range, topicId);
        }
        return at(split, from, range, topicId);
    }

    /** A bounded stream ends where its topic ends now, if that is before its planned end. */
    private static TopicSplit at(KafkaPartitionSplit split, long from, Range range, Uuid topicId) {
        long stopping = TopicSplit.stopping(split);
        boolean moved = from != split.getStartingOffset();
        return new TopicSplit(
                split,
                from,
                moved && stopping >= 0 ? Math.min(stopping, range.end()) : stopping,
                topicId);
    }

    /** A bounded stream does not wait for a partition that is gone. */
    private static TopicSplit ended(KafkaPartitionSplit split) {
        long stopping = TopicSplit.stopping(split);
        long from = split.getStartingOffset();
        return new TopicSplit(
                split,
                from,
                stopping >= 0 && from >= 0 ? from : stopping,
                TopicSplit.topicId(split));
    }

    private void tellOnce(InputGap absence) {
        if (absences.add(absence)) {
            told.accept(absence);
        }
    }
}
