package io.rankstream.job.decode.avro;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Tells which values of others Avro's own readers can read. Those unfold a schema before they read:
 * forty records, each with two fields of the one before, come to a trillion fields, in a value of
 * no bytes.
 */
public final class BoundedBody {

    /** Parts that a schema may have when everything that it names is written in its place. */
    private static final long MOST_PARTS = 100_000;

    private BoundedBody() {}

    /** Whether a reader of {@code writer}'s values can be made. */
    public static boolean isReadable(Schema writer) {
        return parts(writer, new IdentityHashMap<>(), 0) <= MOST_PARTS;
    }

    /**
     * Whether the bytes behind {@code offset} hold a value of {@code writer}, and nothing else,
     * that unfolds to no more than some parts a byte.
     */
    public static boolean holds(Schema writer, byte[] bytes, int offset) {
        StrictDecoder body = StrictDecoder.of(bytes, offset);
        try {
            RecordReader.skip(writer, body, 0);
            return body.remaining() == 0;
        } catch (IOException | RuntimeException e) {
            return false; // Avro reports broken input by exceptions of many types
        }
    }

    /**
     * @param known parts of the schemas that were looked at; of those that are being looked at, 1:
     *     a reader comes back to them by reference
     */
    private static long parts(Schema schema, Map<Schema, Long> known, int level) {
        if (level > RecordReader.DEEPEST) {
            return Long.MAX_VALUE;
        }
        Long before = known.putIfAbsent(schema, 1L);
        if (before != null) {
            return before;
        }
        long parts = 1;
        switch (schema.getType()) {
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    parts = sum(parts, parts(field.schema(), known, level + 1));
                }
            }
            case UNION -> {
                for (Schema branch : schema.getTypes()) {
                    parts = sum(parts, parts(branch, known, level + 1));
                }
            }
            case ARRAY -> parts = sum(parts, parts(schema.getElementType(), known, level + 1));
            case MAP -> parts = sum(parts, parts(schema.getValueType(), known, level + 1));
            default -> {}
        }
        known.put(schema, parts);
        return parts;
    }

    private static long sum(long one, long other) {
        return other > Long.MAX_VALUE - one ? Long.MAX_VALUE : one + other;
    }
}
