package io.rankstream.job.decode;

import static io.rankstream.job.record.Records.SCHEMA_ID;
import static io.rankstream.job.record.Records.raw;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.decode.avro.DecodeResult.Decoded;
import io.rankstream.job.decode.avro.ManualClock;
import io.rankstream.job.decode.avro.NeededField;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.CommandIssuer;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CommandDecoderTest {

    @Test
    void readsEveryFieldOfTheContract() {
        assertThat(CommandDecoder.FIELDS)
                .extracting(NeededField::name)
                .containsExactlyElementsOf(
                        ControlCommand.getClassSchema().getFields().stream()
                                .map(Schema.Field::name)
                                .toList());
    }

    @ParameterizedTest
    @EnumSource
    void givesBackWhatWasWritten(CommandIssuer issuer) throws Exception {
        ControlCommand command =
                ControlCommand.newBuilder()
                        .setCommandId("c-1")
                        .setAdapterId("spam")
                        .setAction(ControlAction.SET_BUDGET)
                        .setVersion(3L)
                        .setBudget(40)
                        .setExpectedRevision(7L)
                        .setIssuedAt(Instant.ofEpochMilli(1_000))
                        .setLabels(List.of("ham"))
                        .setIssuer(issuer)
                        .build();
        CommandDecoder decoder =
                new CommandDecoder(
                        id -> ControlCommand.getClassSchema(),
                        Duration.ofSeconds(60),
                        new ManualClock());

        assertThat(decoder.decode(raw(WireFormat.encode(SCHEMA_ID, command))))
                .isEqualTo(new Decoded<>(command));
    }
}
