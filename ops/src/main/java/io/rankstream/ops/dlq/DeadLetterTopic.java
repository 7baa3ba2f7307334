package io.rankstream.ops.dlq;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.topic.RegisteredReader;
import io.rankstream.schemas.DeadLetter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * The topic of a job's dead letters, up to what was committed when it was opened. It can be read
 * again and again. For use by one thread.
 */
public final class DeadLetterTopic implements AutoCloseable {

    private final JobConfig config;
    private final SchemaRegistry registry;
    private final RegisteredReader<DeadLetter> letters;
    private final CommittedRecords records;
    private long foreign;

    private DeadLetterTopic(JobConfig config, CommittedRecords records) {
        this.config = config;
        this.registry = new SchemaRegistry(config.registry());
        this.letters = new RegisteredReader<>(registry, DeadLetter.class);
        this.records = records;
    }

    /**
     * Opens the topic that a configuration names.
     *
     * @throws DeadLetterException if the broker cannot be used or has no such topic
     */
    public static DeadLetterTopic open(JobConfig config) throws DeadLetterException {
        KafkaSettings kafka = config.kafka();
        String topic = config.topics().of(Topic.DEAD_LETTERS);
        Optional<CommittedRecords> records = CommittedRecords.of(kafka, topic);
        if (records.isEmpty()) {
            throw new DeadLetterException(kafka.lacks(List.of(topic)));
        }
        try {
            return new DeadLetterTopic(config, records.get());
        } catch (IllegalArgumentException e) {
            records.get().close();
            throw new DeadLetterException(e.getMessage(), e);
        }
    }

    /** Receives letters; false when it wants no more. */
    public interface Reader {
        boolean next(StoredLetter letter) throws DeadLetterException, RegistryException;
    }

    /**
     * Reads every letter, partition by partition in the order of their offsets.
     *
     * @throws RegistryException if the registry does not answer
     */
    public void read(Reader reader) throws DeadLetterException, RegistryException {
        foreign = 0;
        records.read(record -> next(record, reader));
    }

    private boolean next(ConsumerRecord<byte[], byte[]> record, Reader reader)
            throws DeadLetterException, RegistryException {
        Optional<DeadLetter> letter = letters.read(record.value());
        if (letter.isEmpty()) {
            foreign++;
            return true;
        }
        return reader.next(
                new StoredLetter(
                        letter.get(),
                        record.partition(),
                        record.offset(),
                        Instant.ofEpochMilli(record.timestamp())));
    }

    /** Records of the last reading that are no dead letters. */
    long foreign() {
        return foreign;
    }

    /** Names of the topics that the job reads: refused records are sent back to these alone. */
    public List<String> inputs() {
        return config.readTopics().stream().map(config.topics()::of).toList();
    }

    public JobConfig config() {
        return config;
    }

    /** The registry that knows the schemas of the letters and of the records in them. */
    SchemaRegistry registry() {
        return registry;
    }

    @Override
    public void close() throws DeadLetterException {
        registry.close();
        try {
            records.close();
        } catch (KafkaException e) {
            throw new DeadLetterException(config.kafka().unusable(e), e);
        }
    }
}
