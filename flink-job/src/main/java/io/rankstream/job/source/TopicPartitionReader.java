package io.rankstream.job.source;

import io.rankstream.job.LogMarkers;
import io.rankstream.job.source.intake.CarefulReader;
import io.rankstream.job.source.intake.Intake;
import io.rankstream.job.source.intake.UnreadRange;
import io.rankstream.job.source.intake.VerifiedRecords;
import io.rankstream.job.source.split.TopicSplit;
import io.rankstream.job.source.watch.BrokerSilentException;
import io.rankstream.job.source.watch.InputWatch;
import io.rankstream.job.source.watch.TopicLookup.Topic;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaPartitionSplitReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches records, and hands out those of which it is sure that they belong to the topic that was
 * read before: its id is looked up after every fetch. Where a partition is not what it was, it is
 * read on where {@link InputWatch} says. Used by one thread at a time.
 */
@SuppressWarnings("try") // Flink declares that closing may be interrupted
final class TopicPartitionReader extends KafkaPartitionSplitReader {

    private static final Logger LOG = LoggerFactory.getLogger(TopicPartitionReader.class);

    /** Records that are handed out at a time of those that are passed by. */
    private static final int MOST_UNREAD = 500;

    private static final long NO_DIVERGENCE = Long.MAX_VALUE;

    private final Properties properties;
    private final Intake intake;
    private final InputWatch watch;
    private final Map<TopicPartition, TopicSplit> splits = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();

    /** Passed by, but not handed out yet. */
    private final Deque<UnreadRange> unread = new ArrayDeque<>();

    /** Fetched, but not handed out yet; or null. */
    private RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetched;

    /**
     * @param properties of a consumer that does not reset an offset by itself
     */
    TopicPartitionReader(
            Properties properties,
            SourceReaderContext context,
            KafkaSourceReaderMetrics metrics,
            InputWatch watch) {
        this(properties, context, metrics, watch, new Intake());
    }

    TopicPartitionReader(
            Properties properties,
            SourceReaderContext context,
            KafkaSourceReaderMetrics metrics,
            InputWatch watch,
            Intake intake) {
        super(intake.of(properties), context, metrics);
        this.properties = properties;
        this.watch = watch;
        this.intake = intake;
    }

    @Override
    public void handleSplitsChanges(SplitsChange<KafkaPartitionSplit> change) {
        for (KafkaPartitionSplit split : change.splits()) {
            TopicPartition partition = split.getTopicPartition();
            splits.put(partition, new TopicSplit(split, TopicSplit.topicId(split)));
            positions.put(partition, split.getStartingOffset());
            intake.readOnAt(partition, split.getStartingOffset());
        }
        super.handleSplitsChanges(change);
    }

    @Override
    public RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetch() throws IOException {
        try {
            return fetchVerified();
        } catch (BrokerSilentException e) {
            if (!e.isPassing()) {
                throw e;
            }
            LOG.warn("{}; no record is handed out until it does", e.getMessage());
            return nothing();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking the broker for its topics", e);
        }
    }

    private RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetchVerified()
            throws IOException, InterruptedException {
        if (fetched == null) {
            try {
                fetched = fetchWhatFits();
            } catch (OffsetOutOfRangeException e) {
                moveInto(e);
                return nothing();
            }
        }
        VerifiedRecords records =
                new VerifiedRecords(fetched, followTopics(), topicIds(), positions);
        splits.keySet().removeIf(split -> records.finishedSplits().contains(id(split)));
        fetched = null;
        return records;
    }

    private RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetchWhatFits() throws IOException {
        if (!unread.isEmpty()) {
            return handOut(unread.poll());
        }
        Map<TopicPartition, Long> before = intake.positions();
        try {
            intake.begin();
            return super.fetch();
        } catch (OutOfMemoryError e) {
            LOG.warn("A fetch needs more memory than there is: its records are read one by one.");
            return fetchOneByOne(before, e);
        }
    }

    /**
     * Reads what a fetch has failed to read. It may have read on in any of its partitions.
     *
     * @param before where each of them was read on
     */
    private RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetchOneByOne(
            Map<TopicPartition, Long> before, OutOfMemoryError e) {
        Map<TopicSplit, CarefulReader.Found> found = new LinkedHashMap<>();
        try (CarefulReader careful = new CarefulReader(properties, new Intake())) {
            for (TopicSplit split : splits.values()) {
                long from = before.get(split.getTopicPartition());
                if (from < 0) {
                    throw e; // where its reading begins is the broker's to say
                }
                long stopping = TopicSplit.stopping(split);
                found.put(
                        split,
                        careful.read(
                                split.getTopicPartition(),
                                from,
                                stopping < 0 ? Long.MAX_VALUE : stopping));
            }
        }
        if (found.values().stream().allMatch(CarefulReader.Found::isNothing)) {
            throw e;
        }
        RecordsBySplits.Builder<ConsumerRecord<byte[], byte[]>> records =
                new RecordsBySplits.Builder<>();
        found.forEach(
                (split, read) -> {
                    records.addAll(split.splitId(), read.records());
                    read.unread().ifPresent(this::passBy);
                    resume(
                            new TopicSplit(
                                    split,
                                    read.next(),
                                    TopicSplit.stopping(split),
                                    TopicSplit.topicId(split)));
                });
        return records.build();
    }

    private void passBy(UnreadRange range) {
        LOG.warn(LogMarkers.CONSOLE, "{}; each record of it is a dead letter", range.why());
        unread.add(range);
    }

    private RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> handOut(UnreadRange range) {
        RecordsBySplits.Builder<ConsumerRecord<byte[], byte[]>> records =
                new RecordsBySplits.Builder<>();
        records.addAll(id(range.partition()), range.first(MOST_UNREAD));
        UnreadRange rest = range.behind(MOST_UNREAD);
        if (!rest.isEmpty()) {
            unread.addFirst(rest);
        }
        return records.build();
    }

    /** Reads partitions on that are not as long, or not as old, as their position. */
    private void moveInto(OffsetOutOfRangeException e)
            throws BrokerSilentException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> divergent =
                e instanceof LogTruncationException truncation
                        ? truncation.divergentOffsets()
                        : Map.of();
        for (Map.Entry<TopicPartition, Long> position : e.offsetOutOfRangePartitions().entrySet()) {
            OffsetAndMetadata divergence = divergent.get(position.getKey());
            resume(
                    locate(
                            position.getKey(),
                            position.getValue(),
                            divergence == null ? NO_DIVERGENCE : divergence.offset()));
        }
    }

    /**
     * Reads topics that are not what they were from where they are to be read; names their splits.
     */
    private Set<String> followTopics() throws BrokerSilentException, InterruptedException {
        Map<String, Topic> topics = watch.topics(names());
        Set<String> moved = new HashSet<>();
        for (TopicSplit before : List.copyOf(splits.values())) {
            TopicPartition partition = before.getTopicPartition();
            if (isAsBefore(before, topics.get(partition.topic()))) {
                continue;
            }
            TopicSplit found = locate(partition, positions.get(partition), NO_DIVERGENCE);
            if (!found.equals(before)) {
                resume(found);
            }
            if (!Objects.equals(TopicSplit.topicId(found), TopicSplit.topicId(before))) {
                moved.add(found.splitId());
            }
        }
        return moved;
    }

    private TopicSplit locate(TopicPartition partition, long position, long divergence)
            throws BrokerSilentException, InterruptedException {
        TopicSplit before = splits.get(partition);
        return watch.locate(
                new TopicSplit(
                        before, position, TopicSplit.stopping(before), TopicSplit.topicId(before)),
                divergence);
    }

    private void resume(TopicSplit split) {
        handleSplitsChanges(new SplitsAddition<>(List.of(split)));
    }

    private static boolean isAsBefore(TopicSplit split, Topic found) {
        return found != null
                && found.id().equals(TopicSplit.topicId(split))
                && found.partitions().contains(split.getPartition());
    }

    private Set<String> names() {
        return splits.keySet().stream()
                .map(TopicPartition::topic)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Map<String, Uuid> topicIds() {
        Map<String, Uuid> ids = new HashMap<>();
        splits.values().forEach(split -> ids.put(split.splitId(), TopicSplit.topicId(split)));
        return ids;
    }

    private static String id(TopicPartition partition) {
        return KafkaPartitionSplit.toSplitId(partition);
    }

    private static RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> nothing() {
        return new RecordsBySplits.Builder<ConsumerRecord<byte[], byte[]>>().build();
    }
}
