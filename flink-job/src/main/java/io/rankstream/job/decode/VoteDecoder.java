package io.rankstream.job.decode;

import static io.rankstream.job.decode.avro.FieldMeaning.TARGET;
import static io.rankstream.job.decode.avro.FieldMeaning.TEXT;
import static io.rankstream.job.decode.avro.FieldMeaning.TIME;
import static io.rankstream.job.decode.avro.FieldMeaning.WHOLE_NUMBER;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.LabelName;
import io.rankstream.adapters.text.PlainText;
import io.rankstream.job.decode.avro.FieldValues;
import io.rankstream.job.decode.avro.NeededField;
import io.rankstream.job.decode.avro.Problems;
import io.rankstream.job.decode.avro.RetryClock;
import io.rankstream.job.decode.avro.SchemaLookup;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.RecordId;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.VoteKind;
import java.time.Duration;
import java.util.Arrays;
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

    private static final int MOST_ANNOTATOR = 256;

    /** That of an input and a number. */
    private static final int MOST_REQUEST_ID = 1_100;

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
        String labelId = read.text(LABEL_ID);
        if (labelId != null && (labelId.isEmpty() || !RecordId.isValid(labelId))) {
            invalid(
                    "label id %s has %,d characters, expected 1 to 1,024"
                            .formatted(Excerpt.of(labelId), labelId.length()),
                    problems);
        }
        String requestId = read.text(REQUEST_ID);
        if (requestId != null && requestId.length() > MOST_REQUEST_ID) {
            invalid(
                    "request id %s has %,d characters, expected that of a request"
                            .formatted(Excerpt.of(requestId), requestId.length()),
                    problems);
        }
        if (read.text(KIND) != null && read.text(ANNOTATOR) != null) {
            checkWhatItSays(read, problems);
        }
    }

    private static void checkWhatItSays(FieldValues read, Problems problems) {
        Optional<VoteKind> kind = kind(read.text(KIND));
        String annotator = read.text(ANNOTATOR);
        if (kind.isEmpty()) {
            invalid(
                    "kind is %s, expected VOTE, SKIP or RETRACT"
                            .formatted(Excerpt.of(read.text(KIND))),
                    problems);
            return;
        }
        // Some systems do not say who has deleted a vote.
        boolean isNamed = annotator.length() <= MOST_ANNOTATOR && PlainText.isIn(annotator);
        if (!isNamed && !(kind.get() == VoteKind.RETRACT && annotator.isEmpty())) {
            invalid(
                    "annotator is %s, expected 1 to %d characters, not all blank, without control characters"
                            .formatted(Excerpt.of(annotator), MOST_ANNOTATOR),
                    problems);
        }
        Target label = read.target(LABEL);
        if (kind.get() == VoteKind.VOTE && label == null) {
            invalid("kind is VOTE and there is no label; give one, or skip", problems);
        } else if (kind.get() != VoteKind.VOTE && label != null) {
            invalid(
                    "kind is %s and there is the label %s, expected none; remove it, or vote"
                            .formatted(kind.get(), Excerpt.of(label.shown())),
                    problems);
        } else if (label != null && !isValid(label)) {
            invalid(
                    "label is %s, expected %s, a finite number, or a part of the text"
                            .formatted(Excerpt.of(label.shown()), LabelName.RULE),
                    problems);
        }
    }

    private static boolean isValid(Target label) {
        if (label instanceof Target.Label named) {
            return LabelName.isValid(named.name());
        }
        if (label instanceof Target.Numeric number) {
            return Double.isFinite(number.value());
        }
        return label instanceof Target.Span span && span.start() <= span.end();
    }

    private static void invalid(String what, Problems problems) {
        problems.add(DeadLetterReason.INVALID_VOTE, what);
    }

    private static Optional<VoteKind> kind(String name) {
        return Arrays.stream(VoteKind.values())
                .filter(kind -> kind != VoteKind.UNKNOWN && kind.name().equals(name))
                .findFirst();
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
                kind(read.text(KIND)).orElseThrow(),
                Optional.ofNullable(read.target(LABEL)),
                labelRevision == null ? 0 : labelRevision,
                read.number(LABELED_AT),
                raw);
    }
}
