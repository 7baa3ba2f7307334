package io.rankstream.job.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.decode.Example;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The function in Flink's harness, with the tokenizer of a tiny model. */
class EncodeFunctionTest {

    private static final RawRecord ORIGIN =
            new RawRecord("examples", 3, 41, new byte[] {1}, new byte[] {0, 0, 0, 0, 7, 1});

    private static final int MAX_LENGTH = 8;

    private static ModelSource source;

    private OneInputStreamOperatorTestHarness<Example, EncodedExample> harness;

    @BeforeAll
    static void writeModel(@TempDir Path directory) throws IOException {
        source = TinyBert.small().writeTo(directory);
    }

    @BeforeEach
    void open() throws Exception {
        harness = harness(Examples.named(Map.of("spam", template(List.of("ham", "spam")))));
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void turnsATextIntoTokens() throws Exception {
        process(example("spam", "a b", "spam"));

        EncodedExample encoded = onlyOutput();
        assertThat(encoded.id()).isEqualTo("e-1");
        assertThat(encoded.adapterId()).isEqualTo("spam");
        assertThat(encoded.target()).isEqualTo(new Target.Label("spam"));
        assertThat(encoded.eventTime()).isEqualTo(5);
        assertThat(encoded.tokens().truncated()).isFalse();
        try (TextEncoder encoder = TextEncoder.open(source, MAX_LENGTH)) {
            assertThat(encoded.tokens().ids()).hasSize(4).isEqualTo(encoder.encode("a b").ids());
        }
        assertThat(encoded.origin()).usingRecursiveComparison().isEqualTo(ORIGIN);
    }

    @Test
    void cutsALongTextAndSaysSo() throws Exception {
        process(example("spam", "a b c d e f g h i j", "ham"));

        assertThat(onlyOutput().tokens().ids()).hasSize(MAX_LENGTH);
        assertThat(onlyOutput().tokens().truncated()).isTrue();
    }

    @Test
    void refusesAnAdapterThatIsNotConfigured() throws Exception {
        process(example("tickets", "a", "ham"));

        DeadLetter letter = onlyLetter();
        assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNKNOWN_ADAPTER);
        assertThat(letter.getMessage()).contains("adapter 'tickets' is not configured");
    }

    @Test
    void leavesLabelsToTheTrainerWhichKnowsThoseOfTheAdapter() throws Exception {
        process(example("spam", "a", "eggs"));

        assertThat(onlyOutput().target()).isEqualTo(new Target.Label("eggs"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t", "\u200B\uFEFF", "\u0000", "\u3164"})
    void refusesATextThatIsEmpty(String text) throws Exception {
        process(example("spam", text, "ham"));

        assertThat(onlyLetter().getReason()).isEqualTo(DeadLetterReason.EMPTY_TEXT);
    }

    @Test
    void keepsTheRecordInADeadLetter() throws Exception {
        process(example("spam", "", "ham"));

        DeadLetter letter = onlyLetter();
        assertThat(letter.getAdapterId()).isEqualTo("spam");
        assertThat(letter.getTopic()).isEqualTo("examples");
        assertThat(letter.getOffset()).isEqualTo(41);
        assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(ORIGIN.key()));
        assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(ORIGIN.value()));
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    @Test
    void goesOnAfterARefusal() throws Exception {
        process(example("spam", "", "ham"));
        process(example("unknown", "a", "ham"));
        process(example("spam", "a", "ham"));

        assertThat(harness.extractOutputValues()).hasSize(1);
    }

    @Test
    void failsToOpenWithoutAModel(@TempDir Path empty) {
        EncodeFunction function =
                new EncodeFunction(
                        new ModelSettings(
                                new ModelSource.Directory(empty.toString()),
                                MAX_LENGTH,
                                1,
                                DeviceSetting.parse("cpu"),
                                null),
                        Examples.named(Map.of()));

        assertThatThrownBy(() -> ProcessFunctionTestHarnesses.forProcessFunction(function))
                .isInstanceOf(ModelLoadException.class);
    }

    @Test
    void travelsToATaskManager() throws IOException, ClassNotFoundException {
        EncodeFunction function =
                new EncodeFunction(
                        new ModelSettings(source, MAX_LENGTH, 1, DeviceSetting.parse("cpu"), null),
                        Examples.any(template(List.of("ham", "spam"))));

        assertThat(InstantiationUtil.clone(function)).isNotNull();
    }

    @Test
    void serializesWhatItHandsOn() throws Exception {
        process(example("spam", "a b", "spam"));
        EncodedExample encoded = onlyOutput();

        DataOutputSerializer out = new DataOutputSerializer(64);
        EncodedExampleSerializer.INSTANCE.serialize(encoded, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());

        assertThat(EncodedExampleSerializer.INSTANCE.deserialize(in))
                .usingRecursiveComparison()
                .isEqualTo(encoded);
        assertThat(in.available()).isZero();
        assertThat(EncodedExampleSerializer.INSTANCE.snapshotConfiguration().restoreSerializer())
                .isSameAs(EncodedExampleSerializer.INSTANCE);
    }

    private static OneInputStreamOperatorTestHarness<Example, EncodedExample> harness(
            ConfiguredAdapters templates) throws Exception {
        return ProcessFunctionTestHarnesses.forProcessFunction(
                new EncodeFunction(
                        new ModelSettings(source, MAX_LENGTH, 1, DeviceSetting.parse("cpu"), null),
                        templates));
    }

    private void process(Example example) throws Exception {
        harness.processElement(new StreamRecord<>(example));
    }

    private EncodedExample onlyOutput() {
        assertThat(harness.extractOutputValues()).hasSize(1);
        return harness.extractOutputValues().get(0);
    }

    private DeadLetter onlyLetter() {
        Queue<StreamRecord<DeadLetter>> letters = harness.getSideOutput(DeadLetters.TAG);
        assertThat(letters).hasSize(1);
        return letters.element().getValue();
    }

    private static Example example(String adapterId, String text, String label) {
        return new Example(
                "e-1", adapterId, text, Optional.empty(), new Target.Label(label), 5, ORIGIN);
    }

    private static TrainingTemplate template(List<String> labels) {
        return TrainingTemplate.classification()
                .labels(labels)
                .initRank(4)
                .alpha(8f)
                .dropout(0f)
                .schedule(new StreamingBudgetSchedule(10, 10, 5, 2))
                .sensitivityDecay(0.85f)
                .uncertaintyDecay(0.85f)
                .orthogonality(new OrthogonalityPenalty(0.1, OrthogonalityPenalty.Form.MEAN_NORM))
                .optimizer(
                        new OptimizerSettings(
                                0.001,
                                0.001,
                                0.9,
                                0.999,
                                1e-8,
                                0,
                                1,
                                new LearningRateSchedule(10, 0)))
                .seed(1)
                .build();
    }
}
