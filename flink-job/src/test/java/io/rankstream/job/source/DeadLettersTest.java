package io.rankstream.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

    @Test
    void keepWhatWasReadAndWhereItCameFrom() {
        byte[] key = {1, 2};
        byte[] value = {0, 0, 0, 1, 0, 42};

        DeadLetter letter =
                DeadLetters.of(
                        new RawRecord("examples", 3, 41, key, value),
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
                                "spam"));
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
