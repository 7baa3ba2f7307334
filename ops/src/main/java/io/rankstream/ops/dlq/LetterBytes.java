package io.rankstream.ops.dlq;

import java.nio.ByteBuffer;

/** Key or value of a refused record. */
public final class LetterBytes {

    private LetterBytes() {}

    /** The bytes, or null for null. */
    public static byte[] of(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
