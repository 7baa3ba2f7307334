package io.rankstream.job.decode;

import static io.rankstream.job.decode.avro.FieldMeaning.TARGET;
import static io.rankstream.job.decode.avro.FieldMeaning.TEXT;
import static io.rankstream.job.decode.avro.FieldMeaning.TIME;
import static io.rankstream.job.decode.avro.FieldMeaning.WHOLE_NUMBER;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.decode.avro.FieldValues;
import io.rankstream.job.decode.avro.NeededField;
import io.rankstream.job.decode.avro.Problems;
import io.rankstream.job.decode.avro.RetryClock;
import io.rankstream.job.decode.avro.SchemaLookup;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.RecordId;
import io.rankstream.job.record.VoteRule;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Turns records into votes. */
final class VoteDecoder extends ValueDecoder<Vote> {

    private static final String LABEL_ID = "labelId";
    private static final String REVISION = "revision";
    private static final String EXAMPLE_ID = "exampleId";
    private static final String REQUEST_ID = "requestId";
    private static final String ANNOTATOR = "annotator";
    private static final String KIND = "kind";
    private static final String LABEL = "label";
    private static final String LABEL_REVISION = "labelRevision";
    private static final String LABELED_AT = "labeledAt";

    static final List<NeededField> FIELDS =
            List.of(
                    NeededField.required(LABEL_ID, TEXT),
                    NeededField.required(REVISION, WHOLE_NUMBER),
                    NeededField.required(EXAMPLE_ID, TEXT),
                    NeededField.required(ADAPTER_ID, TEXT),
                    NeededField.optional(REQUEST_ID, TEXT),
                    NeededField.required(ANNOTATOR, TEXT),
                    NeededField.required(KIND, TEXT),
                    NeededField.optional(LABEL, TARGET),
                    NeededField.optional(LABEL_REVISION, WHOLE_NUMBER),
                    NeededField.required(LABELED_AT, TIME));

    VoteDecoder(SchemaLookup lookup, Duration outageTimeout, RetryClock clock) {
        super("LabelVote", FIELDS, lookup, outageTimeout, clock);
    }

    @Override
    void check(FieldValues read, Problems problems) {
        String exampleId = read.text(EXAMPLE_ID);
        if (exampleId != null && !RecordId.isValid(exampleId)) {
            problems.add(
                    DeadLetterReason.INVALID_EXAMPLE_ID,
                    "example id %s has %,d characters, expected %s"
                            .formatted(Excerpt.of(exampleId), exampleId.length(), RecordId.RULE));
        }
        VoteRule.ofIds(read.text(LABEL_ID), read.text(REQUEST_ID))
                .forEach(what -> problems.add(DeadLetterReason.INVALID_VOTE, what));
        if (read.text(KIND) != null && read.text(ANNOTATOR) != null) {
            VoteRule.ofContent(read.text(KIND), read.text(ANNOTATOR), read.target(LABEL))
                    .forEach(what -> problems.add(DeadLetterReason.INVALID_VOTE, what));
        }
    }

    @Override
    Vote value(RawRecord raw, FieldValues read) {
        Long labelRevision = read.number(LABEL_REVISION);
        return new Vote(
                read.text(LABEL_ID),
                read.number(REVISION),
                read.text(EXAMPLE_ID),
                read.text(ADAPTER_ID),
                Optional.ofNullable(read.text(REQUEST_ID)),
                read.text(ANNOTATOR),
                VoteRule.kind(read.text(KIND)).orElseThrow(),
                Optional.ofNullable(read.target(LABEL)),
                labelRevision == null ? 0 : labelRevision,
                read.number(LABELED_AT),
                raw);
    }
}
