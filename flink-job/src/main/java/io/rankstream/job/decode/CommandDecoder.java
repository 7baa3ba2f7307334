package io.rankstream.job.decode;

import static io.rankstream.job.decode.avro.FieldMeaning.TEXT;
import static io.rankstream.job.decode.avro.FieldMeaning.TEXTS;
import static io.rankstream.job.decode.avro.FieldMeaning.TIME;
import static io.rankstream.job.decode.avro.FieldMeaning.WHOLE_NUMBER;

import io.rankstream.job.decode.avro.FieldValues;
import io.rankstream.job.decode.avro.NeededField;
import io.rankstream.job.decode.avro.Problems;
import io.rankstream.job.decode.avro.RetryClock;
import io.rankstream.job.decode.avro.SchemaLookup;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.CommandIssuer;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Turns records into commands. An action that this release does not know is one of them. */
final class CommandDecoder extends ValueDecoder<ControlCommand> {

    static final List<NeededField> FIELDS =
            List.of(
                    NeededField.required("commandId", TEXT),
                    NeededField.required(ADAPTER_ID, TEXT),
                    NeededField.required("action", TEXT),
                    NeededField.optional("version", WHOLE_NUMBER),
                    NeededField.optional("budget", WHOLE_NUMBER),
                    NeededField.optional("expectedRevision", WHOLE_NUMBER),
                    NeededField.required("issuedAt", TIME),
                    NeededField.optional("labels", TEXTS),
                    NeededField.optional("issuer", TEXT));

    CommandDecoder(SchemaLookup lookup, Duration outageTimeout, RetryClock clock) {
        super("ControlCommand", FIELDS, lookup, outageTimeout, clock);
    }

    @Override
    void check(FieldValues read, Problems problems) {
        Long budget = read.number("budget");
        if (budget != null && budget != budget.intValue()) {
            problems.add(
                    DeadLetterReason.UNDECODABLE,
                    "field 'budget' is %d, expected a number of 32 bits".formatted(budget));
        }
    }

    @Override
    ControlCommand value(RawRecord raw, FieldValues read) {
        Long budget = read.number("budget");
        return ControlCommand.newBuilder()
                .setCommandId(read.text("commandId"))
                .setAdapterId(read.text(ADAPTER_ID))
                .setAction(action(read.text("action")))
                .setVersion(read.number("version"))
                .setBudget(budget == null ? null : budget.intValue())
                .setExpectedRevision(read.number("expectedRevision"))
                .setIssuedAt(Instant.ofEpochMilli(read.number("issuedAt")))
                .setLabels(read.texts("labels"))
                .setIssuer(
                        CommandIssuer.FLEET.name().equals(read.text("issuer"))
                                ? CommandIssuer.FLEET
                                : CommandIssuer.USER)
                .build();
    }

    private static ControlAction action(String name) {
        return Arrays.stream(ControlAction.values())
                .filter(action -> action.name().equals(name))
                .findFirst()
                .orElse(ControlAction.UNKNOWN);
    }
}
