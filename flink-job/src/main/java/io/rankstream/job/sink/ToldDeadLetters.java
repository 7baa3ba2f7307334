package io.rankstream.job.sink;

import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every dead letter passes here on its way to its record: the log tells of it, and the counter
 * {@code deadLetters} of its {@code reason} counts it.
 */
final class ToldDeadLetters implements KafkaRecordSerializationSchema<DeadLetter> {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = LoggerFactory.getLogger(ToldDeadLetters.class);

    private final DeadLetterRecords records;

    private transient RefusalLog log;
    private transient Map<DeadLetterReason, Counter> counters;
    private transient MetricGroup metrics;

    ToldDeadLetters(DeadLetterRecords records) {
        this.records = records;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink)
            throws IOException {
        records.open(context, sink);
        log = new RefusalLog(LOGGER::info, RefusalLog.Scheduler.system());
        counters = new EnumMap<>(DeadLetterReason.class);
        metrics = context.getMetricGroup();
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        log.add(letter);
        counters.computeIfAbsent(letter.getReason(), this::counter).inc();
        return records.serialize(letter, context, timestamp);
    }

    private Counter counter(DeadLetterReason reason) {
        return metrics.addGroup("reason", reason.name()).counter("deadLetters");
    }
}
