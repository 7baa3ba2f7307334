package io.rankstream.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.job.batch.AdapterRequest;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.AdapterWorkSerializer;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.MicroBatchFunction;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.config.settings.InputSettings;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.decode.DecodeFunction;
import io.rankstream.job.decode.Example;
import io.rankstream.job.encode.EncodeFunction;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawHeader;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.registry.RegistryServer;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.sink.Written;
import io.rankstream.job.train.TrainOperatorFactory;
import io.rankstream.job.train.TrainOutputs;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Digest;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * Whatever a broker has accepted, the operators make something of it that a broker accepts: every
 * part of a record of every input, as large as a broker without settings takes it.
 */
class LargeRecordsTest {

    /** A broker without settings. */
    private static final int BROKER = 1_048_588;

    /** A producer without settings. */
    private static final int PRODUCER = 1_048_576;

    /** Least that the preflight lets a topic of dead letters take, and some more. */
    private static final int SMALL_TOPIC = 40_000;

    private static final int EXAMPLE_SCHEMA = 1;
    private static final int COMMAND_SCHEMA = 2;

    private static Path folder;
    private static RegistryServer registry;
    private static OneInputStreamOperatorTestHarness<RawRecord, Example> decode;
    private static OneInputStreamOperatorTestHarness<RawRecord, ControlCommand> decodeCommands;
    private static OneInputStreamOperatorTestHarness<Example, EncodedExample> encode;
    private static KeyedTwoInputStreamOperatorTestHarness<
                    String, EncodedExample, AdapterRequest, AdapterWork>
            batches;
    private static KeyedOneInputStreamOperatorTestHarness<String, AdapterWork, TrainingReport>
            training;

    /** The part of a record that is large. */
    enum Part {
        EXAMPLE_ID,
        ADAPTER_ID,
        TEXT,
        LABEL,
        KEY,
        KEY_OF_A_TOMBSTONE,
        HEADER_KEY,
        HEADER_VALUE,
        MANY_HEADERS,
        NO_AVRO,
        UNKNOWN_SCHEMA,
        TRAILING_BYTES,
        COMMAND_ID,
        ADAPTER_OF_A_COMMAND,
        LABEL_OF_A_COMMAND,
        KEY_OF_A_COMMAND,
        HEADER_OF_A_COMMAND;

        boolean isOfACommand() {
            return compareTo(COMMAND_ID) >= 0;
        }
    }

    /** What it consists of: characters of one to four bytes, one that is escaped, or noise. */
    enum Filling {
        A("a"),
        E("é"),
        KANJI("東"),
        SMILE("🙂"),
        CONTROL("\u0007"),
        NOISE("");

        final String unit;

        Filling(String unit) {
            this.unit = unit;
        }

        String text(int bytes) {
            if (this == NOISE) {
                return new SplittableRandom(bytes)
                        .ints(bytes, 33, 127)
                        .collect(
                                () -> new StringBuilder(bytes),
                                (text, each) -> text.append((char) each),
                                StringBuilder::append)
                        .toString();
            }
            return unit.repeat(bytes / unit.getBytes(UTF_8).length);
        }
    }

    @BeforeContainer
    static void open() throws Exception {
        folder = Files.createTempDirectory("large-records");
        ModelSource model = TinyBert.small().writeTo(folder.resolve("model"));
        ModelSettings settings = new ModelSettings(model, 64, 1, DeviceSetting.parse("cpu"), null);
        ConfiguredAdapters templates = Examples.any(Examples.TEMPLATE);
        registry = new RegistryServer();
        registry.put(EXAMPLE_SCHEMA, LabeledExample.getClassSchema());
        registry.put(COMMAND_SCHEMA, ControlCommand.getClassSchema());
        decode =
                ProcessFunctionTestHarnesses.forProcessFunction(
                        DecodeFunction.examples(
                                new InputSettings(InputFormat.AVRO, JsonMapping.ofOwnNames()),
                                registry.settings()));
        decodeCommands =
                ProcessFunctionTestHarnesses.forProcessFunction(
                        DecodeFunction.commands(registry.settings()));
        encode =
                ProcessFunctionTestHarnesses.forProcessFunction(
                        new EncodeFunction(settings, templates));
        batches =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new KeyedCoProcessOperator<>(
                                new MicroBatchFunction(
                                        new BatchSettings(1, 1_000, Duration.ZERO, 10),
                                        templates,
                                        Defaults.CURRENT)),
                        EncodedExample::adapterId,
                        AdapterRequest::adapterId,
                        Types.STRING);
        batches.setup(AdapterWorkSerializer.INSTANCE);
        batches.open();
        training =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new TrainOperatorFactory(
                                settings,
                                new TrainSettings(1L << 30, 10, 0, Duration.ZERO),
                                templates,
                                new PublishSettings(folder.resolve("adapters").toString(), 1_000),
                                0),
                        AdapterWork::adapterId,
                        Types.STRING);
        training.open();
    }

    @AfterContainer
    static void close() throws Exception {
        decode.close();
        decodeCommands.close();
        encode.close();
        batches.close();
        training.close();
        registry.close();
        FileUtils.deleteDirectory(folder.toFile());
    }

    @Property(tries = 120, shrinking = ShrinkingMode.OFF)
    void everyRecordBecomesSomethingThatABrokerAccepts(
            @ForAll Part part,
            @ForAll Filling filling,
            @ForAll @IntRange(min = 900_000, max = 1_048_400) int bytes)
            throws Exception {
        RawRecord record = record(part, filling, bytes);
        int size = sizeOnItsTopic(record);
        if (size > BROKER) {
            record = record(part, filling, bytes - (size - BROKER) - 100);
        }
        assertThat(sizeOnItsTopic(record)).isLessThanOrEqualTo(BROKER);

        process(record, part.isOfACommand());

        int outcomes = 0;
        for (TrainingReport report : take(training)) {
            assertFits(Written.of(report));
        }
        for (CommandAnswer answer : take(training, TrainOutputs.ANSWERS)) {
            assertFits(Written.of(answer));
            outcomes++;
        }
        for (Prediction prediction : take(training, TrainOutputs.PREDICTIONS)) {
            assertFits(Written.of(prediction));
            outcomes++;
        }
        for (DeadLetter letter : letters()) {
            assertIsWrittenWholeOrSaysWhatIsCut(letter, BROKER, "zstd");
            assertIsWrittenWholeOrSaysWhatIsCut(letter, BROKER, "none");
            assertIsWrittenWholeOrSaysWhatIsCut(letter, SMALL_TOPIC, "none");
            outcomes++;
        }
        assertThat(outcomes).isEqualTo(1);
    }

    private static void assertFits(ProducerRecord<byte[], byte[]> written) {
        assertThat(Written.size(written)).isLessThanOrEqualTo(32 << 10);
        assertThat(Written.size(written)).isLessThanOrEqualTo(PRODUCER);
    }

    private static void assertIsWrittenWholeOrSaysWhatIsCut(
            DeadLetter letter, int topicBytes, String compression) throws IOException {
        Written topic = new Written(topicBytes, compression);
        ProducerRecord<byte[], byte[]> record = topic.of(letter);

        assertThat(topic.takes(record)).isTrue();
        if (compression.equals("none")) {
            assertThat(Written.size(record)).isLessThanOrEqualTo(topicBytes);
        }
        DeadLetter written =
                WireFormat.decode(record.value(), new SpecificDatumReader<>(DeadLetter.class));
        assertThat(written.getReason()).isEqualTo(letter.getReason());
        assertThat(written.getOffset()).isEqualTo(letter.getOffset());
        boolean isCut =
                written.getWholeKey() != null
                        || written.getWholeValue() != null
                        || written.getHeadersLeftOut() > 0;
        if (!isCut) {
            assertThat(written).isEqualTo(letter);
            return;
        }
        assertThat(written.getMessage()).contains("this letter holds");
        assertBeginning(letter.getKey(), written.getKey(), written.getWholeKey());
        assertBeginning(letter.getValue(), written.getValue(), written.getWholeValue());
        assertThat(written.getHeaders())
                .isEqualTo(letter.getHeaders().subList(0, written.getHeaders().size()));
        assertThat(written.getHeaders().size() + written.getHeadersLeftOut())
                .isEqualTo(letter.getHeaders().size());
    }

    private static void assertBeginning(ByteBuffer whole, ByteBuffer kept, Digest digest) {
        if (digest == null) {
            assertThat(kept).isEqualTo(whole);
            return;
        }
        byte[] bytes = new byte[whole.remaining()];
        whole.duplicate().get(bytes);
        assertThat(kept).isEqualTo(ByteBuffer.wrap(Arrays.copyOf(bytes, kept.remaining())));
        assertThat(digest.getLength()).isEqualTo(bytes.length);
        assertThat(digest.getSha256()).isEqualTo(Sha256.of(bytes));
    }

    private static void process(RawRecord record, boolean isCommand) throws Exception {
        if (isCommand) {
            decodeCommands.processElement(record, 0);
            for (ControlCommand command : take(decodeCommands)) {
                batches.processElement2(new AdapterRequest.Command(command), 0);
            }
        } else {
            decode.processElement(record, 0);
            for (Example example : take(decode)) {
                encode.processElement(example, 0);
            }
            for (EncodedExample example : take(encode)) {
                batches.processElement1(example, 0);
            }
        }
        for (AdapterWork work : take(batches)) {
            training.processElement(work, 0);
        }
    }

    private static List<DeadLetter> letters() {
        List<DeadLetter> letters = new ArrayList<>();
        for (AbstractStreamOperatorTestHarness<?> harness :
                List.of(decode, decodeCommands, encode, batches, training)) {
            letters.addAll(take(harness, DeadLetters.TAG));
        }
        return letters;
    }

    private static <T> List<T> take(AbstractStreamOperatorTestHarness<T> harness) {
        List<T> values = harness.extractOutputValues();
        harness.getOutput().clear();
        return values;
    }

    private static <T> List<T> take(
            AbstractStreamOperatorTestHarness<?> harness, OutputTag<T> tag) {
        Queue<StreamRecord<T>> records = harness.getSideOutput(tag);
        if (records == null) {
            return List.of();
        }
        List<T> values = records.stream().map(StreamRecord::getValue).toList();
        records.clear();
        return values;
    }

    private static int sizeOnItsTopic(RawRecord record) {
        ProducerRecord<byte[], byte[]> sent =
                new ProducerRecord<>("input", record.key(), record.value());
        record.headers().forEach(header -> sent.headers().add(header.key(), header.value()));
        return Written.size(sent);
    }

    private static RawRecord record(Part part, Filling filling, int bytes) {
        String large = filling.text(Math.max(0, bytes));
        byte[] raw = large.getBytes(UTF_8);
        return switch (part) {
            case EXAMPLE_ID -> of(example(large, "spam", "a b", "ham"));
            case ADAPTER_ID -> of(example("e", large, "a b", "ham"));
            case TEXT -> of(example("e", "spam", "a " + large, "ham"));
            case LABEL -> of(example("e", "spam", "a b", large));
            case KEY -> of(raw, example("e", "spam", "a b", "no such label"), List.of());
            case KEY_OF_A_TOMBSTONE -> of(raw, null, List.of());
            case HEADER_KEY, HEADER_OF_A_COMMAND ->
                    of(new byte[] {1}, new byte[] {7}, List.of(new RawHeader(large, null)));
            case HEADER_VALUE ->
                    of(new byte[] {1}, new byte[] {7}, List.of(new RawHeader("h", raw)));
            case MANY_HEADERS -> of(null, new byte[] {7}, headers(bytes));
            case NO_AVRO -> of(concat(new byte[] {7}, raw));
            case UNKNOWN_SCHEMA -> of(concat(new byte[] {0, 0, 0, 9, 9}, raw));
            case TRAILING_BYTES -> of(concat(example("e", "spam", "a b", "ham"), raw));
            case COMMAND_ID -> of(command(large, "spam", List.of()));
            case ADAPTER_OF_A_COMMAND -> of(command("c", large, List.of()));
            case LABEL_OF_A_COMMAND -> of(command("c", "spam", List.of("new", large)));
            case KEY_OF_A_COMMAND -> of(raw, new byte[] {7}, List.of());
        };
    }

    /** As many headers as have room. */
    private static List<RawHeader> headers(int bytes) {
        List<RawHeader> headers = new ArrayList<>();
        for (int i = 0; i < bytes / 5; i++) {
            headers.add(new RawHeader("k", new byte[] {(byte) i}));
        }
        return headers;
    }

    private static RawRecord of(byte[] value) {
        return of(new byte[] {1}, value, List.of());
    }

    private static RawRecord of(byte[] key, byte[] value, List<RawHeader> headers) {
        return new RawRecord(
                "labeled-examples", 3, 41, key, value, headers, 1_000, TimestampType.CREATE_TIME);
    }

    private static byte[] example(String id, String adapter, String text, String label) {
        return WireFormat.encode(
                EXAMPLE_SCHEMA,
                new LabeledExample(
                        id, adapter, text, label, Instant.EPOCH, null, null, 0L, null, true));
    }

    private static byte[] command(String id, String adapter, List<String> labels) {
        return WireFormat.encode(
                COMMAND_SCHEMA,
                ControlCommand.newBuilder()
                        .setCommandId(id)
                        .setAdapterId(adapter)
                        .setAction(
                                labels.isEmpty() ? ControlAction.PUBLISH : ControlAction.ADD_LABEL)
                        .setIssuedAt(Instant.EPOCH)
                        .setLabels(labels)
                        .build());
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
