package io.rankstream.job.stream;

import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.DeadLetter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Texts of a program as the records that dead letters keep: one topic for each kind of text. */
final class Origins {

    private static final String EXAMPLES = "";
    private static final String INPUTS = "inputs";

    private Origins() {}

    static RawRecord of(LabeledText text) throws IOException {
        return record(EXAMPLES, LabeledTextSerializer.bytes(text));
    }

    static RawRecord of(UnlabeledText text) throws IOException {
        return record(INPUTS, UnlabeledTextSerializer.bytes(text));
    }

    private static RawRecord record(String topic, byte[] bytes) {
        return new RawRecord(topic, 0, 0, null, bytes);
    }

    /** Whether a letter is of a text without a label. */
    static boolean isInput(DeadLetter letter) {
        return letter.getTopic().equals(INPUTS);
    }

    static byte[] bytes(DeadLetter letter) {
        ByteBuffer value = letter.getValue().duplicate();
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }
}
