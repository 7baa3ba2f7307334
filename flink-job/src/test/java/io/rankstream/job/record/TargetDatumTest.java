package io.rankstream.job.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.Target;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.Span;
import io.rankstream.schemas.VoteKind;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.formats.avro.typeutils.AvroSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TargetDatumTest {

    static Stream<Arguments> targets() {
        return Stream.of(
                Arguments.of(new Target.Label("ham"), "ham"),
                Arguments.of(new Target.Numeric(1.5), 1.5),
                Arguments.of(new Target.Span(3, 9), new Span(3, 9, null)),
                Arguments.of(new Target.Span(3, 9, "name"), new Span(3, 9, "name")),
                Arguments.of(new Target.Several(List.of()), List.of()),
                Arguments.of(
                        new Target.Several(List.of(new Target.Label("b"), new Target.Label("a"))),
                        List.of("a", "b")),
                Arguments.of(
                        new Target.Several(
                                List.of(new Target.Span(3, 9, "name"), new Target.Span(0, 2))),
                        List.of(new Span(0, 2, null), new Span(3, 9, "name"))));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void isWhatARecordOfTheContractsHas(Target target, Object datum) throws IOException {
        LabelVote vote =
                LabelVote.newBuilder()
                        .setLabelId("v")
                        .setRevision(1)
                        .setExampleId("x")
                        .setAdapterId("acme")
                        .setAnnotator("ann")
                        .setKind(VoteKind.VOTE)
                        .setLabel(TargetDatum.of(target))
                        .setLabeledAt(Instant.EPOCH)
                        .build();
        AvroSerializer<LabelVote> serializer = new AvroSerializer<>(LabelVote.class);
        DataOutputSerializer out = new DataOutputSerializer(64);

        serializer.serialize(vote, out);
        LabelVote read = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));

        assertThat(read.getLabel()).isEqualTo(datum);
        assertThat(read).isEqualTo(vote);
    }
}
