package io.rankstream.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RawRecordDeserializerTest {

    private final RawRecordDeserializer deserializer = new RawRecordDeserializer();

    @Test
    void handsOutTheBytesAndWhereTheyCameFrom() {
        byte[] key = {1};
        byte[] value = {0, 0, 0, 0, 7, 42};

        assertThat(deserialized(new ConsumerRecord<>("examples", 3, 41, key, value)))
                .containsExactly(new RawRecord("examples", 3, 41, key, value));
    }

    @Test
    void handsOutTombstones() {
        assertThat(deserialized(new ConsumerRecord<>("examples", 3, 41, null, null)))
                .containsExactly(new RawRecord("examples", 3, 41, null, null));
    }

    @Test
    void saysHowItsRecordsAreSerialized() {
        assertThat(deserializer.getProducedType()).isEqualTo(RawRecordSerializer.TYPE);
    }

    private List<RawRecord> deserialized(ConsumerRecord<byte[], byte[]> read) {
        List<RawRecord> out = new ArrayList<>();
        deserializer.deserialize(read, new ListCollector<>(out));
        return out;
    }
}
