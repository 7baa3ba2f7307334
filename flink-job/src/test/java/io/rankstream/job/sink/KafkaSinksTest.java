package io.rankstream.job.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.config.settings.KafkaSettings.StartingOffsets;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.registry.SchemaIds;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.SomeTopics;
import io.rankstream.job.topic.Topic;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.MapAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KafkaSinksTest {

    private static final Prediction PREDICTION =
            Prediction.newBuilder()
                    .setExampleId("e-1")
                    .setAdapterId("spam")
                    .setPredictedLabel("ham")
                    .setProbability(0.75f)
                    .setLabel("ham")
                    .setLoss(0.25f)
                    .setStep(12)
                    .setTruncated(true)
                    .setEventTime(Instant.ofEpochMilli(1_000_000_007))
                    .setTopic("examples")
                    .setPartition(3)
                    .setOffset(41)
                    .build();

    private static final TrainingReport REPORT =
            TrainingReport.newBuilder()
                    .setAdapterId("spam")
                    .setStep(12)
                    .setExamples(16)
                    .setTokens(1_000)
                    .setPaddedTokens(1_024)
                    .setTaskLoss(0.5f)
                    .setOrthogonalityLoss(0.01f)
                    .setGradientNorm(1.5f)
                    .setLearningRate(0.001f)
                    .setBudget(288)
                    .setLiveRanks(List.of(12, 11, 0))
                    .setMasked(true)
                    .setExamplesTotal(192)
                    .setTruncatedTotal(3)
                    .setPrequentialAccuracy(0.9)
                    .setPrequentialAccuracyLast1000(0.95)
                    .setMajorityAccuracy(0.8)
                    .build();

    private static final CommandAnswer ANSWER =
            CommandAnswer.newBuilder()
                    .setCommandId("c-1")
                    .setAdapterId("spam")
                    .setAction("PUBLISH")
                    .setOutcome(CommandOutcome.DONE)
                    .setMessage("published step 12 as version 3")
                    .setRevision(4)
                    .setVersion(3)
                    .setStep(12)
                    .setLabelRevision(1)
                    .build();

    private static final DriftEvent EVENT =
            DriftEvent.newBuilder()
                    .setEventId("spam/190/ALARM")
                    .setAdapterId("spam")
                    .setKind(DriftEventKind.ALARM)
                    .setStep(12)
                    .setExample(190)
                    .setBeginning(181L)
                    .setRateBefore(.04)
                    .setRateSince(.6)
                    .setExampleId("e-1")
                    .setTopic("examples")
                    .setPartition(3)
                    .setOffset(41L)
                    .setEventTime(Instant.ofEpochMilli(1_000_000_007))
                    .setMessage("is surprised by more")
                    .build();

    private static final DeadLetter LETTER =
            DeadLetters.of(
                    new RawRecord(
                            "examples", 3, 41, new byte[] {9, 8}, new byte[] {0, 0, 0, 0, 7, -1}),
                    "spam",
                    DeadLetterReason.UNKNOWN_LABEL,
                    "label 'é' is unknown");

    private static final KafkaSettings KAFKA =
            new KafkaSettings(
                    "localhost:9092",
                    Map.of("security.protocol", "PLAINTEXT", "transaction.timeout.ms", "1"),
                    "mail",
                    StartingOffsets.EARLIEST,
                    false,
                    Duration.ofMinutes(5));

    private final KafkaSinks sinks =
            new KafkaSinks(
                    JobClaim.none(KAFKA),
                    SomeTopics.NAMES,
                    new SchemaIds(
                            Map.of(
                                    Topic.PREDICTIONS, 11,
                                    Topic.TRAINING_REPORTS, 12,
                                    Topic.COMMAND_ANSWERS, 13,
                                    Topic.DRIFT_EVENTS, 15,
                                    Topic.DEAD_LETTERS, 14)),
                    1);

    @Nested
    class Sinks {

        @Test
        void writeInTransactionsThatOutliveARestart() {
            for (Sink<?> sink : all()) {
                assertThat(sink)
                        .extracting("sink.deliveryGuarantee")
                        .isEqualTo(DeliveryGuarantee.EXACTLY_ONCE);
                assertThatProducerOf(sink)
                        .containsEntry("transaction.timeout.ms", "300000")
                        .containsEntry("security.protocol", "PLAINTEXT")
                        .containsEntry("bootstrap.servers", "localhost:9092");
            }
        }

        @Test
        void haveAPrefixOfTransactionsEach() {
            assertThat(all())
                    .extracting("sink.transactionalIdPrefix")
                    .containsExactly(
                            "mail-predictions",
                            "mail-reports",
                            "mail-answers",
                            "mail-drift",
                            "mail-dead");
        }

        @Test
        void letADeadLetterBeLargerThanTheRecordInIt() {
            assertThatProducerOf(sinks.deadLetters())
                    .containsEntry("max.request.size", "2147483647");
        }

        @Test
        void fitIntoAJobWithoutGenericTypes() {
            Configuration options = new Configuration();
            options.set(PipelineOptions.GENERIC_TYPES, false);
            StreamExecutionEnvironment job =
                    StreamExecutionEnvironment.getExecutionEnvironment(options);
            job.fromData(new AvroTypeInfo<>(Prediction.class), PREDICTION)
                    .sinkTo(sinks.of(Topic.PREDICTIONS));
            job.fromData(new AvroTypeInfo<>(TrainingReport.class), REPORT)
                    .sinkTo(sinks.of(Topic.TRAINING_REPORTS));
            job.fromData(new AvroTypeInfo<>(CommandAnswer.class), ANSWER)
                    .sinkTo(sinks.of(Topic.COMMAND_ANSWERS));
            job.fromData(new AvroTypeInfo<>(DriftEvent.class), EVENT)
                    .sinkTo(sinks.of(Topic.DRIFT_EVENTS));
            job.fromData(new AvroTypeInfo<>(DeadLetter.class), LETTER).sinkTo(sinks.deadLetters());

            assertThatCode(() -> job.getStreamGraph().getJobGraph()).doesNotThrowAnyException();
        }

        private List<Sink<?>> all() {
            return List.of(
                    sinks.of(Topic.PREDICTIONS),
                    sinks.of(Topic.TRAINING_REPORTS),
                    sinks.of(Topic.COMMAND_ANSWERS),
                    sinks.of(Topic.DRIFT_EVENTS),
                    sinks.deadLetters());
        }

        private static MapAssert<Object, Object> assertThatProducerOf(Sink<?> sink) {
            return assertThat(sink)
                    .extracting("sink.kafkaProducerConfig", as(InstanceOfAssertFactories.MAP));
        }
    }

    @Nested
    class Records {

        @Test
        void ofPredictionsAreKeyedByAdapter() throws IOException {
            ProducerRecord<byte[], byte[]> written =
                    new KeyedRecords<>(topic("predictions"), 11, Topic.PREDICTIONS)
                            .serialize(PREDICTION, null, 5L);

            assertThat(written.topic()).isEqualTo("predictions");
            assertThat(written.key()).asString(UTF_8).isEqualTo("spam");
            assertThat(written.timestamp()).isNull();
            assertThat(written.partition()).isNull();
            assertThat(WireFormat.schemaId(written.value())).hasValue(11);
            assertThat(read(Prediction.class, written.value())).isEqualTo(PREDICTION);
        }

        @Test
        void ofTrainingReportsAreKeyedByAdapter() throws IOException {
            ProducerRecord<byte[], byte[]> written =
                    new KeyedRecords<>(topic("reports"), 12, Topic.TRAINING_REPORTS)
                            .serialize(REPORT, null, 5L);

            assertThat(written.topic()).isEqualTo("reports");
            assertThat(written.key()).asString(UTF_8).isEqualTo("spam");
            assertThat(WireFormat.schemaId(written.value())).hasValue(12);
            assertThat(read(TrainingReport.class, written.value())).isEqualTo(REPORT);
        }

        @Test
        void ofAnswersAreKeyedByAdapter() throws IOException {
            ProducerRecord<byte[], byte[]> written =
                    new KeyedRecords<>(topic("answers"), 13, Topic.COMMAND_ANSWERS)
                            .serialize(ANSWER, null, 5L);

            assertThat(written.topic()).isEqualTo("answers");
            assertThat(written.key()).asString(UTF_8).isEqualTo("spam");
            assertThat(WireFormat.schemaId(written.value())).hasValue(13);
            assertThat(read(CommandAnswer.class, written.value())).isEqualTo(ANSWER);
        }

        @Test
        void ofDriftEventsAreKeyedByAdapter() throws IOException {
            ProducerRecord<byte[], byte[]> written =
                    new KeyedRecords<>(topic("drift"), 15, Topic.DRIFT_EVENTS)
                            .serialize(EVENT, null, 5L);

            assertThat(written.topic()).isEqualTo("drift");
            assertThat(written.key()).asString(UTF_8).isEqualTo("spam");
            assertThat(WireFormat.schemaId(written.value())).hasValue(15);
            assertThat(read(DriftEvent.class, written.value())).isEqualTo(EVENT);
        }

        @Test
        void ofDeadLettersKeepTheKeyAndSayWhyInHeaders() throws IOException {
            ProducerRecord<byte[], byte[]> written = deadLetters().serialize(LETTER, null, 5L);

            assertThat(written.topic()).isEqualTo("dead");
            assertThat(written.key()).containsExactly(9, 8);
            assertThat(headers(written))
                    .isEqualTo(
                            Map.of(
                                    "error.reason", "UNKNOWN_LABEL",
                                    "error.message", "label 'é' is unknown",
                                    "topic", "examples",
                                    "partition", "3",
                                    "offset", "41",
                                    "schema.id", "7"));
            assertThat(read(DeadLetter.class, written.value())).isEqualTo(LETTER);
        }

        @Test
        void ofATombstoneHaveNeitherKeyNorSchemaId() throws IOException {
            DeadLetter letter =
                    DeadLetters.of(
                            new RawRecord("examples", 3, 41, null, null),
                            DeadLetterReason.NULL_VALUE,
                            "no value");

            ProducerRecord<byte[], byte[]> written = deadLetters().serialize(letter, null, null);

            assertThat(written.key()).isNull();
            assertThat(headers(written)).doesNotContainKey("schema.id");
            assertThat(read(DeadLetter.class, written.value())).isEqualTo(letter);
        }

        private static OutputTopic topic(String name) {
            return new OutputTopic(KAFKA, name, Map.of());
        }

        private static DeadLetterRecords deadLetters() {
            DeadLetterRecords records = new DeadLetterRecords(topic("dead"), 14);
            records.open(RecordLimit.byDefault(Map.of()));
            return records;
        }

        private static Map<String, String> headers(ProducerRecord<byte[], byte[]> written) {
            Map<String, String> headers = new LinkedHashMap<>();
            written.headers()
                    .forEach(
                            header -> headers.put(header.key(), new String(header.value(), UTF_8)));
            return headers;
        }

        private static <T> T read(Class<T> type, byte[] value) throws IOException {
            byte[] body = Arrays.copyOfRange(value, WireFormat.HEADER_BYTES, value.length);
            return new SpecificDatumReader<>(type)
                    .read(null, DecoderFactory.get().binaryDecoder(body, null));
        }
    }

    /** Between operators the same messages travel by Flink's Avro serializer. */
    @Nested
    class TypeInformation {

        @Test
        void keepsEveryField() throws IOException {
            assertThat(copy(Prediction.class, PREDICTION)).isEqualTo(PREDICTION);
            assertThat(copy(TrainingReport.class, REPORT)).isEqualTo(REPORT);
            assertThat(copy(CommandAnswer.class, ANSWER)).isEqualTo(ANSWER);
            assertThat(copy(DriftEvent.class, EVENT)).isEqualTo(EVENT);
            assertThat(copy(DeadLetter.class, LETTER)).isEqualTo(LETTER);
        }

        private static <T extends SpecificRecordBase> T copy(Class<T> type, T value)
                throws IOException {
            TypeSerializer<T> serializer =
                    new AvroTypeInfo<>(type).createSerializer(new SerializerConfigImpl());
            DataOutputSerializer out = new DataOutputSerializer(64);
            serializer.serialize(value, out);
            return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        }
    }
}
