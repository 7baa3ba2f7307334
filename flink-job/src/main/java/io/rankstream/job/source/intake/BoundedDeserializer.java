package io.rankstream.job.source.intake;

import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/** Hands keys and values to an {@link Intake}; Kafka makes one for each. */
public final class BoundedDeserializer implements Deserializer<byte[]> {

    /** Headers that identify a key and a value of which only the beginning is there. */
    static final String WHOLE_KEY = "rankstream.whole-key";

    static final String WHOLE_VALUE = "rankstream.whole-value";

    private Intake intake;
    private String part;

    @Override
    public void configure(Map<String, ?> options, boolean isKey) {
        intake = (Intake) options.get(Intake.OPTION);
        part = isKey ? WHOLE_KEY : WHOLE_VALUE;
    }

    @Override
    public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
        return data == null ? null : intake.take(part, headers, data);
    }

    @Override
    public byte[] deserialize(String topic, byte[] data) {
        throw new UnsupportedOperationException("a consumer has headers, too");
    }
}
