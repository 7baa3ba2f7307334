package io.rankstream.job.sink;

import io.rankstream.job.Later;
import io.rankstream.schemas.DeadLetter;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every dead letter passes here on its way to its record: the log tells of it, and metrics count it
 * by its reason and its adapter.
 */
final class ToldDeadLetters implements KafkaRecordSerializationSchema<DeadLetter> {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = LoggerFactory.getLogger(ToldDeadLetters.class);

    private final DeadLetterRecords records;
    private final int measuredAdapters;

    private transient RefusalLog log;
    private transient Refusals refusals;

    /**
     * @param measuredAdapters adapters whose letters are counted for each of them
     */
    ToldDeadLetters(DeadLetterRecords records, int measuredAdapters) {
        this.records = records;
        this.measuredAdapters = measuredAdapters;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink)
            throws IOException {
        records.open(context, sink);
        log = new RefusalLog(LOGGER::info, Later.system());
        refusals =
                new Refusals(context.getMetricGroup(), measuredAdapters, System::currentTimeMillis);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        log.add(letter);
        refusals.count(letter);
        return records.serialize(letter, context, timestamp);
    }
}
