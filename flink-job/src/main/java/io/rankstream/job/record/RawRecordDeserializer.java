package io.rankstream.job.record;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Hands out every record as it is, tombstones too: what cannot be decoded must still reach the dead
 * letters.
 */
public final class RawRecordDeserializer implements KafkaRecordDeserializationSchema<RawRecord> {

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> read, Collector<RawRecord> out) {
        out.collect(
                new RawRecord(
                        read.topic(),
                        read.partition(),
                        read.offset(),
                        read.key(),
                        read.value(),
                        headers(read),
                        read.timestamp(),
                        read.timestampType(),
                        read instanceof PartialRecord partial ? partial.unread() : null));
    }

    private static List<RawHeader> headers(ConsumerRecord<?, ?> read) {
        List<RawHeader> headers = new ArrayList<>();
        for (Header header : read.headers()) {
            headers.add(new RawHeader(header.key(), header.value()));
        }
        return headers;
    }

    @Override
    public TypeInformation<RawRecord> getProducedType() {
        return RawRecordSerializer.TYPE;
    }
}
