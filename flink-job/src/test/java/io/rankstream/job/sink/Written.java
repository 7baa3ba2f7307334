package io.rankstream.job.sink;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.topic.Topic;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a job writes to topics of a given limit, as the producer would be given it. */
public final class Written {

    private static final KafkaSettings KAFKA =
            new KafkaSettings(
                    "localhost:9092",
                    Map.of(),
                    "mail",
                    KafkaSettings.StartingOffsets.EARLIEST,
                    false,
                    Duration.ofMinutes(5));

    private final RecordLimit letters;

    /**
     * @param topicBytes {@code max.message.bytes} of the dead letters' topic
     * @param compression of the letters' producer
     */
    public Written(int topicBytes, String compression) {
        letters =
                RecordLimit.of(
                        String.valueOf(topicBytes),
                        "producer",
                        Map.of(
                                "compression.type",
                                compression,
                                "max.request.size",
                                Integer.MAX_VALUE,
                                "buffer.memory",
                                256 << 20));
    }

    /** The record of a prediction. */
    public static ProducerRecord<byte[], byte[]> of(Prediction prediction) {
        return record(Topic.PREDICTIONS, prediction);
    }

    /** The record of a training report. */
    public static ProducerRecord<byte[], byte[]> of(TrainingReport report) {
        return record(Topic.TRAINING_REPORTS, report);
    }

    /** The record of an answer. */
    public static ProducerRecord<byte[], byte[]> of(CommandAnswer answer) {
        return record(Topic.COMMAND_ANSWERS, answer);
    }

    private static <T extends SpecificRecordBase> ProducerRecord<byte[], byte[]> record(
            Topic<T> row, T value) {
        return new KeyedRecords<>(topic(row.role()), 1, row).serialize(value, null, null);
    }

    /** The record of a dead letter. */
    public ProducerRecord<byte[], byte[]> of(DeadLetter letter) {
        DeadLetterRecords records = new DeadLetterRecords(topic("dead"), 1);
        records.open(letters);
        return records.serialize(letter, null, null);
    }

    /** Whether the letters' topic takes a record. */
    public boolean takes(ProducerRecord<byte[], byte[]> record) {
        return letters.admits(record);
    }

    /** Most bytes that a record takes on its topic, uncompressed. */
    public static int size(ProducerRecord<byte[], byte[]> record) {
        return RecordLimit.size(record);
    }

    private static OutputTopic topic(String name) {
        return new OutputTopic(KAFKA, name, Map.of());
    }
}
