package io.rankstream.job.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.Counted;
import io.rankstream.adapters.adalora.FiniteBudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.drift.DriftMode;
import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.drift.DriftState;
import io.rankstream.adapters.drift.detector.AdwinState;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.task.answering.QuestionAnswering;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.job.version.AdapterReleaseSerializer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StateSerializersTest {

    static Stream<Arguments> values() {
        AdapterState state = SampleAdapter.state("acme.eu", 3);
        return Stream.of(
                arguments(AdapterMetaSerializer.INSTANCE, state.meta()),
                arguments(AdapterMetaSerializer.INSTANCE, state.meta().afterStep(0, answered())),
                arguments(
                        TrainingTemplateSerializer.INSTANCE,
                        TrainingTemplate.of(new QuestionAnswering()).build()),
                arguments(TripletStateSerializer.INSTANCE, state.triplets()),
                arguments(MomentStateSerializer.INSTANCE, state.moments()),
                arguments(ImportanceStateSerializer.INSTANCE, state.importance()),
                arguments(BudgetStateSerializer.INSTANCE, state.budget()),
                arguments(BudgetStateSerializer.INSTANCE, state.budget().withTargetOfFleet(2)),
                arguments(HeadStateSerializer.INSTANCE, state.head()),
                arguments(MixtureStateSerializer.INSTANCE, state.host().mixture().orElseThrow()),
                arguments(DriftStateSerializer.INSTANCE, state.host().drift().orElseThrow()),
                arguments(
                        DriftStateSerializer.INSTANCE,
                        byWindow(state.host().drift().orElseThrow())),
                arguments(ProbeStateSerializer.INSTANCE, state.host().probes().orElseThrow()),
                arguments(ReplayStateSerializer.INSTANCE, state.host().replay().orElseThrow()),
                arguments(
                        HeadStateSerializer.INSTANCE,
                        state.withLabels(
                                        state.head()
                                                .labels()
                                                .with(List.of("eggs"), 4)
                                                .without(List.of("ham", "größe")))
                                .head()),
                arguments(AdapterStateSerializer.INSTANCE, state),
                arguments(TrainingTemplateSerializer.INSTANCE, SampleAdapter.template()),
                arguments(
                        TrainingTemplateSerializer.INSTANCE,
                        with(new FiniteBudgetSchedule(1000, 100, 200, 10, 2))),
                arguments(TrainingTemplateSerializer.INSTANCE, with(new ConstantBudgetSchedule())),
                arguments(
                        TrainingTemplateSerializer.INSTANCE,
                        SampleAdapter.template().toBuilder()
                                .drift(
                                        new DriftSettings(
                                                DriftMode.WATCH, DetectorKind.ADWIN, 777, false))
                                .build()),
                arguments(
                        TrainingTemplateSerializer.INSTANCE,
                        SampleAdapter.template().toBuilder()
                                .replay(new ReplaySettings(.25, 100_000))
                                .build()),
                arguments(
                        TrainingTemplateSerializer.INSTANCE,
                        with(new StreamingBudgetSchedule(Counted.EXAMPLES, 100, 400, 10, 2))),
                arguments(
                        AdapterReleaseSerializer.INSTANCE,
                        new AdapterRelease(state, SampleAdapter.template())));
    }

    /** The score of some answers to questions. */
    private static Score<?> answered() {
        return new QuestionAnswering()
                .score(
                        new ScoreFields(
                                Map.of(
                                        "answerable", new long[] {2, 1},
                                        "answerableF1", new double[] {1.4},
                                        "unanswerable", new long[] {1, 0},
                                        "unanswerableF1", new double[] {0},
                                        "f1", new double[] {.4, 1, 0},
                                        "marks", new long[] {2, 3, 0})));
    }

    @ParameterizedTest
    @MethodSource("values")
    <T> void readsWhatItWroteBitForBit(TypeSerializer<T> serializer, T value) throws IOException {
        byte[] bytes = write(serializer, value);

        T read = serializer.deserialize(new DataInputDeserializer(bytes));

        assertThat(read).isEqualTo(value);
        assertThat(write(serializer, read)).isEqualTo(bytes);
    }

    @Test
    void aBudgetOfFormat1IsNoFleets() throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(16);
        target.writeByte(1);
        target.writeInt(1);
        target.writeInt(2);
        target.writeInt(2);
        target.writeBoolean(true);
        target.writeBoolean(false);

        assertThat(
                        BudgetStateSerializer.INSTANCE.deserialize(
                                new DataInputDeserializer(target.getCopyOfBuffer())))
                .isEqualTo(new BudgetState(1, new boolean[] {true, false}, 2));
    }

    @ParameterizedTest
    @MethodSource("values")
    <T> void refusesANewerFormat(TypeSerializer<T> serializer, T value) throws IOException {
        byte[] bytes = write(serializer, value);
        int newest = bytes[0];
        bytes[0]++;

        assertThatThrownBy(() -> serializer.deserialize(new DataInputDeserializer(bytes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "reads formats 1 to %d and found %d".formatted(newest, newest + 1))
                .hasMessageContaining("newer release");
    }

    @ParameterizedTest
    @MethodSource("values")
    <T> void isRestoredFromItsSnapshot(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(target, serializer.snapshotConfiguration());

        TypeSerializerSnapshot<T> read =
                TypeSerializerSnapshot.readVersionedSnapshot(
                        new DataInputDeserializer(target.getCopyOfBuffer()),
                        getClass().getClassLoader());

        assertThat(read.restoreSerializer()).isEqualTo(serializer);
        assertThat(
                        serializer
                                .snapshotConfiguration()
                                .resolveSchemaCompatibility(read)
                                .isCompatibleAsIs())
                .isTrue();
    }

    private static <T> Arguments arguments(TypeSerializer<T> serializer, T value) {
        return Arguments.of(Named.of(serializer.getClass().getSimpleName(), serializer), value);
    }

    private static DriftState byWindow(DriftState drift) {
        return new DriftState(
                drift.examples(),
                new AdwinState(70, new int[] {5, 3, 1}, new int[] {0, 1, 0, 0, 1, 2, 0, 1, 4}),
                drift.lossQuantile(),
                drift.alarms(),
                drift.recent(),
                Optional.empty());
    }

    private static TrainingTemplate with(BudgetSchedule schedule) {
        TrainingTemplate template = SampleAdapter.template();
        return template.toBuilder().schedule(schedule).build();
    }

    private static <T> byte[] write(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(64);
        serializer.serialize(value, target);
        return target.getCopyOfBuffer();
    }
}
