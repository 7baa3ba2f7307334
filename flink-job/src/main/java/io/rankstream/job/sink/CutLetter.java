package io.rankstream.job.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Digest;
import io.rankstream.schemas.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A dead letter with the beginning of its record, where all of it would be too large. */
final class CutLetter {

    /** What remains of the message in favour of what was cut. */
    private static final int MESSAGE_CHARACTERS = 3_500;

    /** Most bytes that describe a header, beside its key and value. */
    private static final int HEADER_OVERHEAD = 16;

    private CutLetter() {}

    /**
     * The letter cut down. Headers and key, which is in the letter and is that of the letter's own
     * record, share half of the room; the value has the rest.
     *
     * @param room bytes for headers, value, and key twice
     */
    static DeadLetter of(DeadLetter whole, String topic, int room) {
        List<RecordHeader> headers = beginning(whole.getHeaders(), room / 4);
        ByteBuffer key = beginning(whole.getKey(), room / 8);
        int left = room - bytes(headers) - 2 * bytes(key);
        ByteBuffer value = beginning(whole.getValue(), left);
        return DeadLetter.newBuilder(whole)
                .setMessage(message(whole, topic, headers, key, value))
                .setHeaders(headers)
                .setHeadersLeftOut(headers(whole) - headers.size())
                .setKey(key)
                .setWholeKey(digest(whole.getKey(), whole.getWholeKey(), key))
                .setValue(value)
                .setWholeValue(digest(whole.getValue(), whole.getWholeValue(), value))
                .build();
    }

    private static List<RecordHeader> beginning(List<RecordHeader> headers, int room) {
        List<RecordHeader> kept = new ArrayList<>();
        int left = room;
        for (RecordHeader header : headers) {
            left -= bytes(header);
            if (left < 0) {
                break;
            }
            kept.add(header);
        }
        return kept;
    }

    private static ByteBuffer beginning(ByteBuffer bytes, int room) {
        return bytes(bytes) <= room ? bytes : bytes.slice(bytes.position(), room);
    }

    private static int bytes(List<RecordHeader> headers) {
        return headers.stream().mapToInt(CutLetter::bytes).sum();
    }

    private static int bytes(RecordHeader header) {
        return header.getKey().getBytes(UTF_8).length + bytes(header.getValue()) + HEADER_OVERHEAD;
    }

    private static int bytes(ByteBuffer buffer) {
        return buffer == null ? 0 : buffer.remaining();
    }

    /**
     * What identifies a part of the record.
     *
     * @param known null if the letter holds all of it
     */
    private static Digest digest(ByteBuffer whole, Digest known, ByteBuffer kept) {
        if (known != null || bytes(kept) == bytes(whole)) {
            return known;
        }
        byte[] bytes = new byte[whole.remaining()];
        whole.duplicate().get(bytes);
        return new Digest(bytes.length, Sha256.of(bytes));
    }

    private static int length(ByteBuffer held, Digest whole) {
        return whole == null ? bytes(held) : whole.getLength();
    }

    /** Headers of the record, held or not. */
    private static int headers(DeadLetter letter) {
        return letter.getHeaders().size() + letter.getHeadersLeftOut();
    }

    private static String message(
            DeadLetter whole,
            String topic,
            List<RecordHeader> headers,
            ByteBuffer key,
            ByteBuffer value) {
        return "%s (this letter holds %,d of %,d bytes of the value, %,d of %,d of the key and %,d of %,d headers, for which topic '%s' has no room)"
                .formatted(
                        Excerpt.cut(whole.getMessage(), MESSAGE_CHARACTERS),
                        bytes(value),
                        length(whole.getValue(), whole.getWholeValue()),
                        bytes(key),
                        length(whole.getKey(), whole.getWholeKey()),
                        headers.size(),
                        headers(whole),
                        topic);
    }
}
