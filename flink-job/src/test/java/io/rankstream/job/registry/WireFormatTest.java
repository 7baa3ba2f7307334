package io.rankstream.job.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.junit.jupiter.api.Test;

class WireFormatTest {

    private static final LabeledExample EXAMPLE =
            new LabeledExample(
                    "e-1",
                    "spam",
                    "Grüße",
                    "ham",
                    Instant.ofEpochMilli(1_000_000_007),
                    null,
                    null,
                    0L,
                    null,
                    true);

    @Test
    void startsWithAZeroByteAndTheBigEndianSchemaId() {
        byte[] value = WireFormat.encode(0x01020304, EXAMPLE);

        assertThat(value).startsWith(0x00, 0x01, 0x02, 0x03, 0x04);
        assertThat(WireFormat.schemaId(value)).hasValue(0x01020304);
    }

    @Test
    void carriesTheAvroBody() throws IOException {
        byte[] value = WireFormat.encode(7, EXAMPLE);
        byte[] body = Arrays.copyOfRange(value, WireFormat.HEADER_BYTES, value.length);

        assertThat(
                        new SpecificDatumReader<>(LabeledExample.class)
                                .read(null, DecoderFactory.get().binaryDecoder(body, null)))
                .isEqualTo(EXAMPLE);
    }

    @Test
    void findsNoSchemaIdWithoutAHeader() {
        assertThat(WireFormat.schemaId(null)).isEmpty();
        assertThat(WireFormat.schemaId(new byte[0])).isEmpty();
        assertThat(WireFormat.schemaId(new byte[] {0, 0, 0, 1})).isEmpty();
        assertThat(WireFormat.schemaId(new byte[] {1, 0, 0, 0, 1})).isEmpty();
        assertThat(WireFormat.schemaId(new byte[] {0, 0, 0, 0, 1})).hasValue(1);
    }
}
