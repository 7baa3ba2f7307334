package io.rankstream.job.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RawRecordDeserializerTest {

    private final RawRecordDeserializer deserializer = new RawRecordDeserializer();

    @Test
    void handsOutTheBytesAndWhereTheyCameFrom() {
        byte[] key = {1};
        byte[] value = {0, 0, 0, 0, 7, 42};

        assertThat(deserialized(record(key, value)))
                .containsExactly(new RawRecord("examples", 3, 41, key, value));
    }

    @Test
    void handsOutHeadersAndTimestamp() {
        Headers headers = new RecordHeaders().add("a", new byte[] {1}).add("a", null);
        ConsumerRecord<byte[], byte[]> read =
                new ConsumerRecord<>(
                        "examples",
                        3,
                        41,
                        1_000,
                        TimestampType.LOG_APPEND_TIME,
                        0,
                        0,
                        null,
                        null,
                        headers,
                        Optional.empty());

        assertThat(deserialized(read))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        new RawRecord(
                                "examples",
                                3,
                                41,
                                null,
                                null,
                                List.of(
                                        new RawHeader("a", new byte[] {1}),
                                        new RawHeader("a", null)),
                                1_000,
                                TimestampType.LOG_APPEND_TIME));
    }

    @Test
    void handsOutTombstones() {
        assertThat(deserialized(record(null, null)))
                .containsExactly(new RawRecord("examples", 3, 41, null, null));
    }

    @Test
    void saysHowItsRecordsAreSerialized() {
        assertThat(deserializer.getProducedType()).isEqualTo(RawRecordSerializer.TYPE);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>("examples", 3, 41, key, value);
    }

    private List<RawRecord> deserialized(ConsumerRecord<byte[], byte[]> read) {
        List<RawRecord> out = new ArrayList<>();
        deserializer.deserialize(read, new ListCollector<>(out));
        return out;
    }
}
