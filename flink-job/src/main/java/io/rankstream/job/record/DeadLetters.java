package io.rankstream.job.record;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.registry.SchemaKey;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.RecordHeader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.OutputTag;

/** Records that could not be learned from, on their way to the dead letters topic. */
public final class DeadLetters {

    /** Side output of every function that may refuse a record. */
    public static final OutputTag<DeadLetter> TAG =
            new OutputTag<>("dead-letters", new AvroTypeInfo<>(DeadLetter.class));

    private static final int MESSAGE_CHARACTERS = 4_000;

    private DeadLetters() {}

    /**
     * Dead letter of a record whose adapter is not known.
     *
     * @param message what was found and what was expected
     */
    public static DeadLetter of(RawRecord origin, DeadLetterReason reason, String message) {
        return of(origin, null, reason, message);
    }

    /**
     * Dead letter of a record of {@code adapterId}.
     *
     * @param message what was found and what was expected
     */
    public static DeadLetter of(
            RawRecord origin, String adapterId, DeadLetterReason reason, String message) {
        Unread unread = origin.unread() == null ? Unread.wholly("") : origin.unread();
        return DeadLetter.newBuilder()
                .setReason(reason)
                .setMessage(Excerpt.cut(message, MESSAGE_CHARACTERS))
                .setTopic(origin.topic())
                .setPartition(origin.partition())
                .setOffset(origin.offset())
                .setKey(buffer(origin.key()))
                .setValue(buffer(origin.value()))
                .setSchemaId(schemaId(origin))
                .setAdapterId(adapterId)
                .setWholeKey(unread.key())
                .setWholeValue(unread.value())
                .setHeaders(headers(origin))
                .setHeadersLeftOut(unread.headersLeftOut())
                .setTimestamp(timestamp(origin))
                .build();
    }

    private static Integer schemaId(RawRecord origin) {
        return Frame.of(origin) instanceof Frame.Framed framed
                        && framed.schema() instanceof SchemaKey.Id named
                ? named.id()
                : null;
    }

    private static List<RecordHeader> headers(RawRecord origin) {
        return origin.headers().stream()
                .map(header -> new RecordHeader(header.key(), buffer(header.value())))
                .toList();
    }

    private static Instant timestamp(RawRecord origin) {
        return origin.timestamp() == RawRecord.NO_TIMESTAMP
                ? null
                : Instant.ofEpochMilli(origin.timestamp());
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
