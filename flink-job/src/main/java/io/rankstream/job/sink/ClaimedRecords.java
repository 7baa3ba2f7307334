package io.rankstream.job.sink;

import io.rankstream.job.claim.JobClaim;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records of a sink that fences nobody once another start of its job has followed. A sink is opened
 * after its records, and then ends the transactions that it takes for its predecessor's.
 */
final class ClaimedRecords<T> implements KafkaRecordSerializationSchema<T> {

    private final JobClaim claim;
    private final KafkaRecordSerializationSchema<T> records;

    ClaimedRecords(JobClaim claim, KafkaRecordSerializationSchema<T> records) {
        this.claim = claim;
        this.records = records;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink)
            throws Exception {
        claim.requireHeld();
        records.open(context, sink);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            T element, KafkaSinkContext context, Long timestamp) {
        return records.serialize(element, context, timestamp);
    }
}
