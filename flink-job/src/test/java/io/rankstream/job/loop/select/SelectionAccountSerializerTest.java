package io.rankstream.job.loop.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class SelectionAccountSerializerTest {

    @Test
    void whatIsWrittenIsRead() throws IOException {
        SelectionAccount account =
                new SelectionAccount(
                        1,
                        2,
                        3,
                        4.5,
                        6.5,
                        7,
                        8.5,
                        9,
                        10,
                        new TreeMap<>(Map.of("ä", 11L, "b", 12L)));
        DataOutputSerializer target = new DataOutputSerializer(64);

        SelectionAccountSerializer.INSTANCE.serialize(account, target);

        assertThat(
                        SelectionAccountSerializer.INSTANCE.deserialize(
                                new DataInputDeserializer(target.getCopyOfBuffer())))
                .isEqualTo(account);
    }
}
