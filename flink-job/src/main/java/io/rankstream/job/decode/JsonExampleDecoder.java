package io.rankstream.job.decode;

import static io.rankstream.job.mapping.ExampleField.ADAPTER_ID;
import static io.rankstream.job.mapping.ExampleField.EXAMPLE_ID;
import static io.rankstream.job.mapping.ExampleField.TEXT;
import static io.rankstream.job.mapping.ExampleField.TEXT_PAIR;

import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.decode.avro.DecodeResult.Decoded;
import io.rankstream.job.decode.avro.DecodeResult.Refused;
import io.rankstream.job.decode.avro.FieldMeaning;
import io.rankstream.job.decode.avro.Problems;
import io.rankstream.job.mapping.JsonDocuments;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.mapping.MappedJson;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.DeadLetterReason;
import java.util.Optional;

/** Turns JSON documents into examples. An event without a time has that of its record. */
final class JsonExampleDecoder implements RecordDecoder<Example> {

    private final JsonDocuments documents;

    JsonExampleDecoder(JsonMapping mapping) {
        this.documents = new JsonDocuments(mapping);
    }

    @Override
    public DecodeResult<Example> decode(RawRecord raw) {
        if (raw.value() == null) {
            return new Refused<>(
                    DeadLetterReason.NULL_VALUE, "the value is null, expected a JSON object");
        }
        MappedJson read = documents.read(raw.value(), place(raw));
        Problems problems = new Problems();
        long eventTime = eventTime(read, raw, problems);
        String adapterId = ValueDecoder.checkedAdapterId(read.get(ADAPTER_ID), problems);
        ExampleDecoder.check(
                read.get(EXAMPLE_ID),
                read.get(TEXT),
                Optional.ofNullable(read.get(TEXT_PAIR)),
                problems);
        return problems.isEmpty()
                ? new Decoded<>(
                        new Example(
                                read.get(EXAMPLE_ID),
                                adapterId,
                                read.get(TEXT),
                                Optional.ofNullable(read.get(TEXT_PAIR)),
                                read.target(),
                                eventTime,
                                raw))
                : problems.refused(adapterId, "the value is no labeled example: ");
    }

    /** The time of a document, or that of its record; adds all that is wrong with a document. */
    static long eventTime(MappedJson read, RawRecord raw, Problems problems) {
        read.problems().forEach(what -> problems.add(DeadLetterReason.UNDECODABLE, what));
        long eventTime = read.eventTime().orElse(raw.timestamp());
        boolean isThere = read.eventTime().isPresent() || eventTime != RawRecord.NO_TIMESTAMP;
        if (problems.isEmpty() && !isThere) {
            problems.add(
                    DeadLetterReason.UNDECODABLE,
                    "eventTime is missing, and the record has no time of its own");
        } else if (isThere && !FieldMeaning.isTime(eventTime)) {
            problems.add(
                    DeadLetterReason.UNDECODABLE,
                    "%s is %d milliseconds since 1970, expected a point in time in the years 1 to 9999; correct it, or the unit that eventTimeUnit of the mapping names"
                            .formatted(
                                    read.eventTime().isPresent()
                                            ? "eventTime"
                                            : "the record's time",
                                    eventTime));
        }
        return eventTime;
    }

    /** The example's id where its document has none. */
    static String place(RawRecord raw) {
        return "%s-%d-%d".formatted(raw.topic(), raw.partition(), raw.offset());
    }
}
