package io.rankstream.job.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.RecordHeader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

    @Test
    void keepWhatWasReadAndWhereItCameFrom() {
        byte[] key = {1, 2};
        byte[] value = {0, 0, 0, 1, 0, 42};

        byte[] trace = {7};

        DeadLetter letter =
                DeadLetters.of(
                        new RawRecord(
                                "examples",
                                3,
                                41,
                                key,
                                value,
                                List.of(
                                        new RawHeader("trace", trace),
                                        new RawHeader("empty", null)),
                                1_000,
                                TimestampType.CREATE_TIME),
                        "spam",
                        DeadLetterReason.EMPTY_TEXT,
                        "no text");

        assertThat(letter)
                .isEqualTo(
                        new DeadLetter(
                                DeadLetterReason.EMPTY_TEXT,
                                "no text",
                                "examples",
                                3,
                                41L,
                                ByteBuffer.wrap(key),
                                ByteBuffer.wrap(value),
                                256,
                                "spam",
                                List.of(
                                        new RecordHeader("trace", ByteBuffer.wrap(trace)),
                                        new RecordHeader("empty", null)),
                                0,
                                Instant.ofEpochMilli(1_000),
                                null,
                                null));
    }

    @Test
    void leaveOutWhatWasNotThere() {
        DeadLetter letter =
                DeadLetters.of(
                        new RawRecord("examples", 3, 41, null, null),
                        DeadLetterReason.NULL_VALUE,
                        "no value");

        assertThat(letter.getKey()).isNull();
        assertThat(letter.getValue()).isNull();
        assertThat(letter.getSchemaId()).isNull();
        assertThat(letter.getAdapterId()).isNull();
        assertThat(letter.getHeaders()).isEmpty();
        assertThat(letter.getTimestamp()).isNull();
    }

    @Test
    void knowNoSchemaIdWithoutTheWireFormat() {
        DeadLetter letter =
                DeadLetters.of(
                        new RawRecord("examples", 3, 41, null, new byte[] {1, 0, 0, 0, 7, 3}),
                        DeadLetterReason.BAD_MAGIC,
                        "not the wire format");

        assertThat(letter.getSchemaId()).isNull();
    }
}
