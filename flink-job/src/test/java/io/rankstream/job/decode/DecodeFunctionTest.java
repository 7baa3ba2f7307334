package io.rankstream.job.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.config.settings.InputSettings;
import io.rankstream.job.decode.avro.ManualClock;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.Records;
import io.rankstream.job.record.Unread;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.RegistryServer;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.Digest;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The function in Flink's harness, with a registry over HTTP. */
class DecodeFunctionTest {

    private static final String BUSY = "{\"error_code\": 50301, \"message\": \"busy\"}";

    private final ManualClock clock = new ManualClock();
    private RegistryServer registry;
    private OneInputStreamOperatorTestHarness<RawRecord, Example> harness;

    @BeforeEach
    void open() throws Exception {
        registry = new RegistryServer();
        registry.put(Records.SCHEMA_ID, LabeledExample.getClassSchema());
        harness =
                ProcessFunctionTestHarnesses.forProcessFunction(
                        new DecodeFunction<>(registry.settings(), ExampleDecoder::new, clock));
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
        registry.close();
    }

    @Test
    void handsOnExamples() throws Exception {
        RawRecord raw = Records.raw(Records.valid());

        process(raw);

        assertThat(harness.extractOutputValues())
                .singleElement()
                .usingRecursiveComparison()
                .isEqualTo(
                        new Example(
                                "e-1",
                                "spam",
                                "Grüße aus 東京 🙂",
                                Optional.empty(),
                                new Target.Label("ham"),
                                1_000_000_007,
                                raw));
        assertThat(letters()).isNull();
    }

    @Test
    void makesADeadLetterWithEverythingThatWasRead() throws Exception {
        byte[] value = Records.valid();
        byte[] damaged = Arrays.copyOf(value, value.length - 1);

        process(Records.raw(damaged));

        DeadLetter letter = letters().remove().getValue();
        assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNDECODABLE);
        assertThat(letter.getMessage()).contains("with schema 7 as a LabeledExample");
        assertThat(letter.getTopic()).isEqualTo("labeled-examples");
        assertThat(letter.getPartition()).isEqualTo(3);
        assertThat(letter.getOffset()).isEqualTo(41);
        assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(Records.key()));
        assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(damaged));
        assertThat(letter.getSchemaId()).isEqualTo(Records.SCHEMA_ID);
        assertThat(letter.getAdapterId()).isNull();
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    @Test
    void goesOnAfterEveryKindOfBadRecord() throws Exception {
        process(Records.raw(null));
        process(Records.raw(new byte[] {0, 0}));
        process(Records.raw(new byte[] {9, 0, 0, 0, 7, 1}));
        process(Records.raw(Records.framed(4242, body -> body.text("x"))));
        process(Records.raw(Records.framed(Records.SCHEMA_ID, body -> body.text("x"))));
        process(Records.raw(Records.valid()));

        assertThat(letters())
                .extracting(letter -> letter.getValue().getReason())
                .containsExactly(
                        DeadLetterReason.NULL_VALUE,
                        DeadLetterReason.TRUNCATED_FRAME,
                        DeadLetterReason.BAD_MAGIC,
                        DeadLetterReason.UNKNOWN_SCHEMA,
                        DeadLetterReason.UNDECODABLE);
        assertThat(harness.extractOutputValues()).hasSize(1);
    }

    @Test
    void refusesWhatIsTooLargeAndSaysWhatItWas() throws Exception {
        Digest whole = new Digest(1 << 30, "abc");
        Unread unread = new Unread("the record has too many bytes", null, whole, 5);

        process(
                new RawRecord(
                        "labeled-examples",
                        3,
                        41,
                        Records.key(),
                        Records.valid(),
                        List.of(),
                        1,
                        TimestampType.CREATE_TIME,
                        unread));

        DeadLetter letter = letters().remove().getValue();
        assertThat(letter.getReason()).isEqualTo(DeadLetterReason.TOO_LARGE);
        assertThat(letter.getMessage()).isEqualTo(unread.why());
        assertThat(letter.getOffset()).isEqualTo(41);
        assertThat(letter.getWholeKey()).isNull();
        assertThat(letter.getWholeValue()).isEqualTo(whole);
        assertThat(letter.getHeadersLeftOut()).isEqualTo(5);
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    @Test
    void waitsForARegistryThatIsBusy() throws Exception {
        registry.fail(3, 503, BUSY);

        process(Records.raw(Records.valid()));

        assertThat(clock.pauses()).hasSize(3);
        assertThat(harness.extractOutputValues()).hasSize(1);
        assertThat(letters()).isNull();
    }

    @Test
    void needsNoRegistryForASchemaItKnows() throws Exception {
        process(Records.raw(Records.valid()));
        registry.close();

        process(Records.raw(Records.valid()));

        assertThat(harness.extractOutputValues()).hasSize(2);
    }

    @Test
    void failsWithoutADeadLetterWhenTheRegistryStaysAway() {
        registry.fail(Integer.MAX_VALUE, 503, BUSY);

        assertThatThrownBy(() -> process(Records.raw(Records.valid())))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("no record is lost")
                .hasMessageContaining("answered 503");
        assertThat(clock.pauses().stream().reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(registry.settings().outageTimeout());
        assertThat(letters()).isNull();
    }

    @Test
    void travelsToATaskManager() throws IOException, ClassNotFoundException {
        DecodeFunction<Example> copy =
                InstantiationUtil.clone(
                        DecodeFunction.examples(
                                new InputSettings(InputFormat.AVRO, JsonMapping.ofOwnNames()),
                                registry.settings()));

        assertThat(copy).isNotNull();
    }

    private void process(RawRecord raw) throws Exception {
        harness.processElement(new StreamRecord<>(raw));
    }

    private Queue<StreamRecord<DeadLetter>> letters() {
        return harness.getSideOutput(DeadLetters.TAG);
    }
}
