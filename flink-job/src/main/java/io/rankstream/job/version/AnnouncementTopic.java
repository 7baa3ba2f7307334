package io.rankstream.job.version;

import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.topic.ReadToEnds;
import io.rankstream.job.topic.ReadingStalledException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compacted topic on which versions are announced, each exactly once for those who read
 * committed records. A commit that is repeated after a crash may or may not have announced its
 * versions; the topic itself tells: before its first announcement this class reads the newest one
 * of every adapter, and announces only versions above it. Announcements of another {@code
 * publish.directory} belong to another run, whose versions count from one again, and hold nothing
 * back.
 *
 * <p>A process that only stalled may wake up when its job already runs elsewhere. So announcements
 * are written in transactions whose id is that of the sink's subtask, and each instance fences its
 * predecessor before it reads: what the predecessor has not committed by then it never will. Its
 * successor must have the same parallelism for that: a subtask that is no more fences nobody.
 *
 * <p>Version and folder of an announcement are also in its headers, so that they are known without
 * the registry. One caller at a time.
 */
final class AnnouncementTopic implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(AnnouncementTopic.class);

    static final String VERSION_HEADER = "version";
    static final String PATH_HEADER = "path";

    private static final Duration STALL_LIMIT = Duration.ofMinutes(1);

    /**
     * When the broker aborts what a dead subtask left open. Reading what was announced waits for
     * that, so it is well below {@link #STALL_LIMIT}.
     */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Newest announcement of an adapter.
     *
     * @param version its version
     * @param path its folder
     */
    private record Announced(long version, String path) {

        /** The higher version of one run, whatever partition it lies in; else the later run. */
        Announced newer(Announced later) {
            return isSameRun(later.path) && version > later.version ? this : later;
        }

        private boolean isSameRun(String otherPath) {
            return new Path(path).getParent().equals(new Path(otherPath).getParent());
        }

        /** Whether a version of the same run at or above this one has been announced. */
        boolean covers(VersionCommittable candidate) {
            return version >= candidate.version() && isSameRun(candidate.path());
        }
    }

    private final JobClaim claim;
    private final KafkaSettings kafka;
    private final String topic;
    private final int subtask;

    private Map<String, Announced> newest;
    private Producer<byte[], byte[]> producer;

    /**
     * @param claim broker, and that no other start of the job has followed
     * @param topic the topic
     * @param subtask index of the sink's subtask, which no other announcer of the job shares
     */
    AnnouncementTopic(JobClaim claim, String topic, int subtask) {
        this.claim = claim;
        this.kafka = claim.kafka();
        this.topic = topic;
        this.subtask = subtask;
    }

    /**
     * Announces those of {@code versions} that have not been yet.
     *
     * @param versions per adapter in ascending order
     * @throws IOException unless every announcement is on the broker
     */
    void announce(List<VersionCommittable> versions) throws IOException, InterruptedException {
        try {
            if (newest == null) {
                newest = fenceAndReadNewest();
            }
            List<VersionCommittable> due =
                    versions.stream().filter(version -> !isAnnounced(version)).toList();
            send(due);
            due.forEach(
                    version ->
                            newest.put(
                                    version.adapterId(),
                                    new Announced(version.version(), version.path())));
        } catch (KafkaException | ExecutionException e) {
            throw new IOException(
                    "Cannot announce adapter versions on topic '%s' at %s: %s. They are announced when the job restarts."
                            .formatted(topic, kafka.bootstrapServers(), e.getMessage()),
                    e);
        }
    }

    private Map<String, Announced> fenceAndReadNewest() throws IOException, InterruptedException {
        claim.requireHeld();
        if (producer == null) {
            producer = new KafkaProducer<>(producerProperties());
        }
        producer.initTransactions();
        return readNewest();
    }

    /** Frees the connection; whatever {@link #announce} returned from is on the broker. */
    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }

    private boolean isAnnounced(VersionCommittable version) {
        Announced last = newest.get(version.adapterId());
        return last != null && last.covers(version);
    }

    private void send(List<VersionCommittable> versions)
            throws ExecutionException, InterruptedException {
        if (versions.isEmpty()) {
            return;
        }
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (VersionCommittable version : versions) {
            sent.add(producer.send(record(version)));
        }
        producer.flush();
        for (Future<RecordMetadata> acknowledgement : sent) {
            acknowledgement.get();
        }
        producer.commitTransaction();
        for (VersionCommittable version : versions) {
            LOGGER.info(
                    "Version {} of adapter '{}' is published in {}.",
                    version.version(),
                    version.adapterId(),
                    version.path());
        }
    }

    private ProducerRecord<byte[], byte[]> record(VersionCommittable version) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, bytes(version.adapterId()), version.announcement());
        record.headers()
                .add(VERSION_HEADER, bytes(Long.toString(version.version())))
                .add(PATH_HEADER, bytes(version.path()));
        return record;
    }

    private Map<String, Announced> readNewest() throws IOException {
        Map<String, Announced> found = new HashMap<>();
        try (Consumer<byte[], byte[]> consumer = consumer("read_committed")) {
            List<TopicPartition> partitions = partitions(consumer);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            ReadToEnds reading = new ReadToEnds(consumer, ends(partitions), STALL_LIMIT);
            while (!reading.isDone()) {
                reading.poll().forEach(record -> note(record, found));
            }
        } catch (ReadingStalledException e) {
            throw new IOException(
                    "Cannot read what topic '%s' at %s has announced: %s. Check the broker."
                            .formatted(topic, kafka.bootstrapServers(), e.getMessage()),
                    e);
        }
        return found;
    }

    /** A missing topic would be created by the first announcement, and not be compacted. */
    private List<TopicPartition> partitions(Consumer<?, ?> consumer) throws IOException {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            throw new IOException(
                    "There is no topic '%s' at %s to announce adapter versions on. Create it, with cleanup.policy=compact."
                            .formatted(topic, kafka.bootstrapServers()));
        }
        return partitions;
    }

    /**
     * Ends behind transactions that other subtasks have left open: an announcement of ours may lie
     * between the two.
     */
    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        try (Consumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
            return consumer.endOffsets(partitions);
        }
    }

    private static void note(
            ConsumerRecord<byte[], byte[]> record, Map<String, Announced> announced) {
        Header version = record.headers().lastHeader(VERSION_HEADER);
        Header path = record.headers().lastHeader(PATH_HEADER);
        if (record.key() == null || version == null || path == null) {
            return; // not an announcement of ours
        }
        announced.merge(
                text(record.key()),
                new Announced(Long.parseLong(text(version.value())), text(path.value())),
                Announced::newer);
    }

    private Map<String, Object> producerProperties() {
        Map<String, Object> properties = kafka.producerProperties();
        properties.put(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                kafka.groupId() + "-" + topic + "-" + subtask);
        properties.put(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
        return properties;
    }

    private Consumer<byte[], byte[]> consumer(String isolationLevel) {
        Map<String, Object> properties = kafka.consumerProperties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolationLevel);
        return new KafkaConsumer<>(properties);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
